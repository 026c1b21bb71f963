//! What people paste as SDP: the text itself, or the JSON that `JSON.stringify(description)` makes.

use serde::Deserialize;
use signaling_protocol::SdpType;
use thiserror::Error;

use super::attribute::Attribute;
use super::description::{MAX_BYTES, ParsedDescription, Problem, TooLong, parse};

/// A description that was pasted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Input {
    pub(crate) description: ParsedDescription,
    /// What it is, or looks like.
    pub(crate) kind: SdpType,
    pub(crate) problems: Vec<Problem>,
}

/// Why there is nothing to show.
#[derive(Clone, Debug, Error, PartialEq)]
pub(crate) enum PasteError {
    #[error("Nothing is pasted yet.")]
    Empty,
    #[error(transparent)]
    TooLong(#[from] TooLong),
    #[error(
        "This looks like JSON, but has no “sdp” with a text. Paste a description, or the text of its “sdp” alone."
    )]
    NoSdp,
    #[error(
        "None of these lines is one of a description: those begin with a letter and “=”, as “v=0” does."
    )]
    NoDescription,
}

#[derive(Deserialize)]
struct Json {
    #[serde(rename = "type")]
    kind: Option<SdpType>,
    sdp: String,
}

/// Reads what was pasted.
pub(crate) fn read(text: &str) -> Result<Input, PasteError> {
    let trimmed = text.trim_start();
    if trimmed.is_empty() {
        return Err(PasteError::Empty);
    }
    // The escapes of JSON make a text longer, six times at most.
    if text.len() > 6 * MAX_BYTES {
        return Err(TooLong::Bytes(text.len()).into());
    }
    let (kind, description) = if trimmed.starts_with('{') {
        let json: Json = serde_json::from_str(trimmed).map_err(|_| PasteError::NoSdp)?;
        (json.kind, parse(&json.sdp)?)
    } else {
        (None, parse(text)?)
    };
    if !description
        .all_lines()
        .any(|line| line.text.get(1..2) == Some("="))
    {
        return Err(PasteError::NoDescription);
    }
    Ok(Input {
        kind: kind.unwrap_or_else(|| looks_like(&description)),
        problems: description.problems(),
        description,
    })
}

/// An offer leaves the DTLS role open; an answer chooses.
fn looks_like(description: &ParsedDescription) -> SdpType {
    let mut attributes = description
        .all_lines()
        .filter_map(|line| line.field.attribute());
    let chosen = attributes.any(|attribute| {
        matches!(attribute, Attribute::Setup(role) if role == "active" || role == "passive")
    });
    if chosen {
        SdpType::Answer
    } else {
        SdpType::Offer
    }
}
