//! An address as lines of several kinds have it. Owns its grammar (RFC 8866, sections 5.2 and 5.7).

/// `IN IP4 …` or `IN IP6 …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) network: String,
    pub(crate) kind: String,
    pub(crate) address: String,
}

impl Address {
    /// Three words; else, what is wanted.
    pub(super) fn of(words: &[&str]) -> Result<Self, String> {
        match words {
            [network, kind, address] => Ok(Self {
                network: (*network).to_owned(),
                kind: (*kind).to_owned(),
                address: (*address).to_owned(),
            }),
            _ => Err("An address wants three words, as in “IN IP4 0.0.0.0”.".into()),
        }
    }
}
