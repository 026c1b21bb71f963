//! What a line is explained with: the lines around it.

use std::collections::{HashMap, HashSet};

use signaling_protocol::SdpType;

use crate::sdp::attribute::{Attribute, Direction};
use crate::sdp::codec::{Codec, Role, codecs};
use crate::sdp::description::{ParsedDescription, Section};
use crate::sdp::field::MediaLine;

/// What all lines have in common.
pub(in crate::sdp) struct Context<'a> {
    pub(in crate::sdp) kind: SdpType,
    /// The mids that share one transport.
    pub(in crate::sdp) bundle: HashSet<&'a str>,
    /// The first of them, whose lines count for all.
    pub(in crate::sdp) first_in_bundle: Option<&'a str>,
}

/// Where a line stands.
pub(in crate::sdp) struct LineContext<'a> {
    pub(in crate::sdp) context: &'a Context<'a>,
    /// None above the first section.
    pub(in crate::sdp) media: Option<&'a MediaLine>,
    pub(in crate::sdp) mid: Option<&'a str>,
    pub(in crate::sdp) codecs: HashMap<String, Codec<'a>>,
    /// From a payload type to the one that sends its lost packets again.
    pub(in crate::sdp) repaired_as: HashMap<String, &'a str>,
    pub(in crate::sdp) bundle_only: bool,
    pub(in crate::sdp) rtcp_mux: bool,
    pub(in crate::sdp) direction: Option<Direction>,
}

impl<'a> Context<'a> {
    pub(in crate::sdp) fn new(description: &'a ParsedDescription, kind: SdpType) -> Self {
        let attributes = || {
            description
                .lines
                .iter()
                .filter_map(|line| line.field.attribute())
        };
        let bundle = attributes().find_map(|attribute| match attribute {
            Attribute::Group { semantics, mids } if semantics == "BUNDLE" => Some(mids.as_slice()),
            _ => None,
        });
        Self {
            kind,
            first_in_bundle: bundle.and_then(|mids| mids.first()).map(String::as_str),
            bundle: bundle.into_iter().flatten().map(String::as_str).collect(),
        }
    }

    pub(in crate::sdp) fn is_offer(&self) -> bool {
        self.kind == SdpType::Offer
    }
}

impl<'a> LineContext<'a> {
    pub(in crate::sdp) fn of_session(context: &'a Context<'a>) -> Self {
        Self {
            context,
            media: None,
            mid: None,
            codecs: HashMap::new(),
            repaired_as: HashMap::new(),
            bundle_only: false,
            rtcp_mux: false,
            direction: None,
        }
    }

    pub(in crate::sdp) fn of_section(context: &'a Context<'a>, section: &'a Section) -> Self {
        let attributes = || {
            section
                .lines
                .iter()
                .filter_map(|line| line.field.attribute())
        };
        let mid = section.mid();
        let codecs = codecs(section);
        let repaired_as = codecs.iter().filter_map(|codec| match &codec.role {
            Role::Retransmission { of } => Some((of.clone(), codec.payload)),
            _ => None,
        });
        Self {
            context,
            media: section.media(),
            mid,
            repaired_as: repaired_as.collect(),
            codecs: codecs
                .into_iter()
                .map(|codec| (codec.payload.to_owned(), codec))
                .collect(),
            bundle_only: attributes().any(|attribute| attribute.name() == "bundle-only"),
            rtcp_mux: attributes().any(|attribute| attribute.name() == "rtcp-mux"),
            direction: section.direction(),
        }
    }

    /// Whether it is about a data channel's transport.
    pub(in crate::sdp) fn is_data(&self) -> bool {
        self.media.is_some_and(|media| media.kind == "application")
    }

    /// The codec behind a payload type, as people call it.
    pub(in crate::sdp) fn codec_name(&self, payload: &str) -> String {
        match self.codecs.get(payload) {
            Some(codec) => codec.title(),
            None => format!("payload type {payload}"),
        }
    }
}

impl Section {
    pub(crate) fn mid(&self) -> Option<&str> {
        self.lines
            .iter()
            .find_map(|line| match line.field.attribute() {
                Some(Attribute::Mid(mid)) => Some(mid.as_str()),
                _ => None,
            })
    }

    /// The direction that stands in this section.
    pub(crate) fn direction(&self) -> Option<Direction> {
        self.lines
            .iter()
            .find_map(|line| match line.field.attribute() {
                Some(Attribute::Direction(direction)) => Some(*direction),
                _ => None,
            })
    }

    /// Port 0 without `bundle-only`: the section is not used (RFC 3264, section 6).
    pub(crate) fn is_rejected(&self) -> bool {
        let bundle_only = self.lines.iter().any(|line| {
            line.field
                .attribute()
                .is_some_and(|a| a.name() == "bundle-only")
        });
        self.media().is_some_and(|media| media.port == 0) && !bundle_only
    }
}
