//! Where a claim is written down.

/// A section of an RFC, or a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The section may be empty for a document as a whole.
    Rfc { number: u16, section: &'static str },
    Page {
        label: &'static str,
        url: &'static str,
    },
}

pub(super) const fn rfc(number: u16, section: &'static str) -> Source {
    Source::Rfc { number, section }
}

pub(super) const fn page(label: &'static str, url: &'static str) -> Source {
    Source::Page { label, url }
}

impl Source {
    /// As a link says it: `RFC 8866, section 5.14`.
    pub(crate) fn label(self) -> String {
        match self {
            Self::Rfc {
                number,
                section: "",
            } => format!("RFC {number}"),
            Self::Rfc { number, section } => format!("RFC {number}, section {section}"),
            Self::Page { label, .. } => label.to_owned(),
        }
    }

    pub(crate) fn url(self) -> String {
        match self {
            Self::Rfc {
                number,
                section: "",
            } => {
                format!("https://www.rfc-editor.org/rfc/rfc{number}.html")
            }
            Self::Rfc { number, section } => {
                format!("https://www.rfc-editor.org/rfc/rfc{number}.html#section-{section}")
            }
            Self::Page { url, .. } => url.to_owned(),
        }
    }
}
