//! What the tour needs of a browser, where each piece is described, since when the large browsers
//! have it, and what is said about the browser at hand. Pure: [`crate::rtc::support`] looks.

mod media;
mod network;
mod report;

pub use report::Report;
pub(crate) use report::{Codecs, Found};

/// Browsers that are compared, in the order of [`Feature::since`], with their version when
/// [`DATA`] was made.
pub(crate) const BROWSERS: [(&str, &str); 3] =
    [("Chrome", "157"), ("Firefox", "160"), ("Safari", "27.2")];

/// Where the versions come from.
pub(crate) const DATA: &str = "MDN browser-compat-data 8.1.9";
pub(crate) const DATA_DATE: &str = "12 November 2026";

/// Everything, in the order of the page.
pub(crate) const GROUPS: [Group; 6] = [
    media::CAPTURE,
    network::CONNECTION,
    media::CODECS,
    network::DATA,
    media::PLAYING,
    network::SIGNALING,
];

/// What belongs together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) features: &'static [Feature],
}

/// An interface, a method or an option.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// As it is written in a program.
    pub name: &'static str,
    /// What it is good for, here or in what is built of the same parts.
    pub(crate) purpose: &'static str,
    pub(crate) probe: Probe,
    /// Below <https://developer.mozilla.org/docs/Web/API/>.
    pub(crate) mdn: &'static str,
    pub(crate) specification: &'static str,
    /// The first version of each of [`BROWSERS`] that has it without prefix; empty for none.
    pub(crate) since: [&'static str; 3],
}

impl Feature {
    pub(crate) fn mdn_url(&self) -> String {
        format!("https://developer.mozilla.org/docs/Web/API/{}", self.mdn)
    }
}

/// How to find out whether it is there, without using it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// A path from the global object, and what it was called before the standard did.
    Named(&'static str, &'static [&'static str]),
    /// A function that needs no argument: one that does says so in its `length`.
    WithoutArguments(&'static str),
    /// A connection that is never used takes two encodings of one track.
    Simulcast,
}

const fn named(path: &'static str) -> Probe {
    Probe::Named(path, &[])
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Present,
    /// Only under this older name.
    Prefixed(&'static str),
    Missing,
}

impl Presence {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Prefixed(_) => "prefixed",
            Self::Missing => "missing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn all() -> impl Iterator<Item = &'static Feature> {
        GROUPS.iter().flat_map(|group| group.features)
    }

    #[test]
    fn every_feature_is_there_once_and_has_its_sources() {
        let names: BTreeSet<_> = all().map(|feature| feature.name).collect();
        assert_eq!(names.len(), all().count());
        for feature in all() {
            assert!(feature.specification.starts_with("https://"), "{feature:?}");
            assert!(
                !feature.mdn.is_empty() && !feature.purpose.is_empty(),
                "{feature:?}"
            );
            assert!(feature.purpose.ends_with('.'), "{feature:?}");
        }
    }

    /// A version is older than or the same as the browser of the day.
    #[test]
    fn versions_are_numbers_that_there_have_been() {
        let number = |version: &str| version.parse::<f64>().ok();
        for feature in all() {
            for (version, (browser, newest)) in feature.since.iter().zip(BROWSERS) {
                let sensible = version.is_empty()
                    || number(version).is_some_and(|v| v > 0.0 && Some(v) <= number(newest));
                assert!(sensible, "{browser} {version:?}: {}", feature.name);
            }
        }
    }
}
