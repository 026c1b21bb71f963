//! What each line means where it stands, and which standard says so.
//!
//! “This side” is who wrote the description, “the other side” who reads it. The sentences use
//! what the other lines say: the codec of a payload type, the sections of a bundle, the kind of
//! the description.

mod codec;
mod context;
pub(crate) mod extension;
mod feedback;
mod parameter;
mod rtp;
mod session;
mod transport;

use signaling_protocol::SdpType;

use super::attribute::Attribute;
use super::description::{Line, ParsedDescription};
use super::field::Field;
use super::source::{Source, rfc};

use context::{Context, LineContext};

/// What one line means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Explanation {
    /// One or two sentences.
    pub(crate) text: String,
    pub(crate) source: Option<Source>,
    /// Whether the line is one that WebRTC knows. Others are ignored by who reads them.
    pub(crate) known: bool,
}

/// Explains every line, in the order of [`ParsedDescription::all_lines`].
pub(crate) fn explain(description: &ParsedDescription, kind: SdpType) -> Vec<Explanation> {
    let context = Context::new(description, kind);
    let above = LineContext::of_session(&context);
    let of_session = description
        .lines
        .iter()
        .map(|line| explain_line(line, &above));
    let of_sections = description.sections.iter().flat_map(|section| {
        let line_context = LineContext::of_section(&context, section);
        let explained = section
            .lines
            .iter()
            .map(|line| explain_line(line, &line_context));
        explained.collect::<Vec<_>>()
    });
    of_session.chain(of_sections).collect()
}

impl Explanation {
    pub(super) fn none() -> Self {
        unknown(String::new(), None)
    }
}

fn explain_line(line: &Line, line_context: &LineContext<'_>) -> Explanation {
    let attribute = match &line.field {
        Field::Attribute(attribute) => attribute,
        Field::Malformed(why) => return unknown(why.clone(), None),
        field => return session::field(field, line_context),
    };
    session::attribute(attribute, line_context)
        .or_else(|| transport::attribute(attribute, line_context))
        .or_else(|| codec::attribute(attribute, line_context))
        .or_else(|| rtp::attribute(attribute, line_context))
        .unwrap_or_else(|| not_known(attribute))
}

fn not_known(attribute: &Attribute) -> Explanation {
    let text = format!(
        "“{}” is no attribute that WebRTC uses. Whoever does not know an attribute ignores it.",
        attribute.name()
    );
    unknown(text, Some(rfc(8866, "5.13")))
}

fn unknown(text: String, source: Option<Source>) -> Explanation {
    Explanation {
        text,
        source,
        known: false,
    }
}

fn says(text: impl Into<String>, source: Source) -> Explanation {
    Explanation {
        text: text.into(),
        source: Some(source),
        known: true,
    }
}

/// `90000` as people read it: with thin spaces between the thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// `0`, `0 and 1`, `0, 1 and 2`.
pub(super) fn listed(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match &words[..] {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
