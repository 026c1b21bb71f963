//! What was found in the browser at hand, as a text to hand on.

use std::fmt;

use super::{BROWSERS, DATA, DATA_DATE, Feature, GROUPS, Presence};

/// Everything that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub user_agent: String,
    pub(crate) secure_context: bool,
    /// In the order of [`GROUPS`].
    pub found: Vec<Found>,
    pub codecs: Vec<Codecs>,
}

/// One feature.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub feature: &'static Feature,
    pub presence: Presence,
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        self.feature.name == other.feature.name && self.presence == other.presence
    }
}

impl Eq for Found {}

/// `getCapabilities(kind)` of senders or receivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codecs {
    /// `audio` or `video`
    pub kind: &'static str,
    /// Else those that can be received.
    pub sent: bool,
    /// `mimeType`, `sdpFmtpLine` in brackets; `None` where the browser does not tell.
    pub codecs: Option<Vec<String>>,
}

impl Codecs {
    pub(crate) fn title(&self) -> String {
        let direction = if self.sent { "sends" } else { "receives" };
        format!("{} it {direction}", capital(self.kind))
    }
}

impl Report {
    pub(crate) fn presence(&self, feature: &Feature) -> Presence {
        let mut all = self.found.iter();
        all.find(|found| found.feature.name == feature.name)
            .map_or(Presence::Missing, |found| found.presence)
    }

    pub fn count(&self, presence: &str) -> usize {
        let all = self.found.iter();
        all.filter(|found| found.presence.as_str() == presence)
            .count()
    }
}

/// Plain text, one line a feature.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "WebRTC Tour: what this browser has")?;
        writeln!(f, "User agent: {}", self.user_agent)?;
        let secure = if self.secure_context { "yes" } else { "no" };
        writeln!(f, "Secure context: {secure}")?;
        let names = BROWSERS.map(|(name, _)| name).join(", ");
        writeln!(
            f,
            "In brackets: since which version {names} have it, by {DATA} of {DATA_DATE}"
        )?;
        for group in GROUPS {
            writeln!(f, "\n{}", group.title)?;
            for feature in group.features {
                let presence = self.presence(feature);
                let older = match presence {
                    Presence::Prefixed(name) => format!(" as {name}"),
                    _ => String::new(),
                };
                let since = feature.since.map(|version| match version {
                    "" => "none",
                    version => version,
                });
                writeln!(
                    f,
                    "  {}{older}: {} [{}]",
                    presence.as_str(),
                    feature.name,
                    since.join(", ")
                )?;
            }
        }
        for codecs in &self.codecs {
            writeln!(f, "\n{}", codecs.title())?;
            match &codecs.codecs {
                None => writeln!(f, "  the browser does not tell")?,
                Some(list) => {
                    for codec in list {
                        writeln!(f, "  {codec}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_names_everything_and_what_was_found() {
        let [first, second] = [0, 1].map(|index| &GROUPS[0].features[index]);
        let report = Report {
            user_agent: "Test 1.0".to_owned(),
            secure_context: true,
            found: vec![
                Found {
                    feature: first,
                    presence: Presence::Prefixed("navigator.webkitGetUserMedia"),
                },
                Found {
                    feature: second,
                    presence: Presence::Present,
                },
            ],
            codecs: vec![
                Codecs {
                    kind: "audio",
                    sent: true,
                    codecs: Some(vec!["audio/opus (minptime=10)".to_owned()]),
                },
                Codecs {
                    kind: "video",
                    sent: false,
                    codecs: None,
                },
            ],
        };
        let text = report.to_string();
        for part in [
            "User agent: Test 1.0\n",
            "Secure context: yes\n",
            "  prefixed as navigator.webkitGetUserMedia: getUserMedia() [53, 36, 11]\n",
            "  present: enumerateDevices() [47, 116, 11]\n",
            "  missing: WebSocket [5, 11, 5]\n",
            "Audio it sends\n  audio/opus (minptime=10)\n",
            "Video it receives\n  the browser does not tell\n",
        ] {
            assert!(text.contains(part), "{part:?} is not in\n{text}");
        }
        assert_eq!((report.count("present"), report.count("prefixed")), (1, 1));
    }
}
