//! From text to lines and sections, and back to the same text byte by byte.
//!
//! Owns what a description is made of and what is wrong with one. Every line is kept as it was
//! written, so nothing can be lost; what it says is in [`Line::field`].

use std::fmt;

use thiserror::Error;

use super::field::{Field, MediaLine};

/// Longer texts are refused: no browser writes so much.
pub(crate) const MAX_BYTES: usize = 256 * 1024;
/// So are texts of more lines.
pub(crate) const MAX_LINES: usize = 5_000;

/// A session description (RFC 8866, section 5): what holds for all of it, and its sections.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ParsedDescription {
    /// The lines before the first `m=`.
    pub(crate) lines: Vec<Line>,
    pub(crate) sections: Vec<Section>,
}

/// A media description: an `m=` line, which is the first, and all up to the next.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Section {
    pub(crate) lines: Vec<Line>,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Counts from 1 through the whole text.
    pub(crate) number: usize,
    /// As it was written, without its end.
    pub(crate) text: String,
    pub(crate) end: LineEnd,
    pub(crate) field: Field,
}

/// What ends a line. The standard wants CRLF and asks readers to accept LF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    CrLf,
    Lf,
    /// The text ends without.
    Missing,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The number of the line.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// Why a text is not read at all.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum TooLong {
    #[error("This text has {0} bytes. More than {MAX_BYTES} are not read: paste one description.")]
    Bytes(usize),
    #[error("This text has more than {MAX_LINES} lines: paste one description.")]
    Lines,
}

/// Reads any text. What is malformed is kept, and told by [`ParsedDescription::problems`].
pub(crate) fn parse(text: &str) -> Result<ParsedDescription, TooLong> {
    if text.len() > MAX_BYTES {
        return Err(TooLong::Bytes(text.len()));
    }
    let mut description = ParsedDescription::default();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index == MAX_LINES {
            return Err(TooLong::Lines);
        }
        let (text, end) = if let Some(text) = line.strip_suffix("\r\n") {
            (text, LineEnd::CrLf)
        } else if let Some(text) = line.strip_suffix('\n') {
            (text, LineEnd::Lf)
        } else {
            (line, LineEnd::Missing)
        };
        let line = Line {
            number: index + 1,
            text: text.to_owned(),
            end,
            field: Field::parse(text),
        };
        match (&line.field, description.sections.last_mut()) {
            (Field::Media(_), _) => description.sections.push(Section { lines: vec![line] }),
            (_, Some(section)) => section.lines.push(line),
            (_, None) => description.lines.push(line),
        }
    }
    Ok(description)
}

impl ParsedDescription {
    /// All lines in their order.
    pub(crate) fn all_lines(&self) -> impl Iterator<Item = &Line> {
        let sections = self.sections.iter().flat_map(|section| &section.lines);
        self.lines.iter().chain(sections)
    }
}

impl Section {
    pub(crate) fn media(&self) -> Option<&MediaLine> {
        match &self.lines.first()?.field {
            Field::Media(media) => Some(media),
            _ => None,
        }
    }
}

impl fmt::Display for ParsedDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.all_lines() {
            f.write_str(&line.text)?;
            f.write_str(line.end.as_str())?;
        }
        Ok(())
    }
}

impl LineEnd {
    fn as_str(self) -> &'static str {
        match self {
            Self::CrLf => "\r\n",
            Self::Lf => "\n",
            Self::Missing => "",
        }
    }
}
