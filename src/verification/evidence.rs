//! Which two certificates a connection really uses.
//!
//! *Our own* is what our browser wrote into the local description; nobody else has touched that
//! text. *The other's* is what it showed in the DTLS handshake, as
//! `RTCDtlsTransport.getRemoteCertificates()` gives it, not what signaling announced. The
//! announcement is compared with it all the same: the browser has to break off when they differ
//! (RFC 8827 §6.5), so a difference means that something here is not understood, and no code is
//! better than a wrong one.
//!
//! A browser that does not tell the certificate has checked it against the announcement that was in
//! force at the handshake. Then that is as good, provided that there never was another: with several
//! the browser accepts any of them (RFC 8122 §5), so an attacker could announce the real one beside
//! its own; and a browser may pass over what is announced after the handshake. An honest end keeps
//! its certificate as long as its connection, so a second one is never a code.

use std::fmt;

use thiserror::Error;

use super::code::VerificationCode;
use super::fingerprint::{self, Fingerprint, InvalidFingerprint, SHA_256};

/// What a connection tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// `currentLocalDescription`; empty before there is one.
    pub(crate) local_sdp: String,
    /// The fingerprint lines of every remote description that was ever set.
    pub(crate) remote_sdp: String,
    /// The certificate, in DER form, that the other end showed on each transport; `None` where
    /// the browser does not tell, empty before the handshake.
    pub(crate) presented: Option<Vec<Vec<u8>>>,
}

/// Where the other's fingerprint was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From the certificate that was shown.
    Handshake,
    /// From the description that the browser held it against.
    Description,
}

/// The two certificates of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificates {
    pub(crate) local: Fingerprint,
    pub(crate) remote: Fingerprint,
    pub(crate) source: Source,
}

/// A code and what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub code: VerificationCode,
    pub local: Fingerprint,
    pub remote: Fingerprint,
    pub source: Source,
}

/// Which end something is wrong with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Own,
    Others,
}

/// Why there is no code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoCode {
    #[error("the connection has not told its certificates yet")]
    NotYet,
    #[error(
        "the connection is there, but this browser does not tell its certificates. Call again; if that does not help, use another browser. Until then nobody can rule out that somebody is in between"
    )]
    NotTold,
    #[error("{0} several certificates, and a code can stand for one only")]
    Several(Whose),
    #[error("{0} only a fingerprint by {1}, and the code is made of sha-256")]
    OtherHash(Whose, String),
    #[error(
        "the certificate that was shown is not the announced one: do not trust this connection"
    )]
    Contradiction,
    #[error(transparent)]
    Invalid(#[from] InvalidFingerprint),
}

impl NoCode {
    /// Whether this happens to honest people hardly ever: then they are to hear of it without
    /// having asked for a code.
    pub(crate) fn is_suspicious(&self) -> bool {
        match self {
            Self::Several(whose) => *whose == Whose::Others,
            Self::Contradiction => true,
            Self::NotYet | Self::NotTold | Self::OtherHash(..) | Self::Invalid(_) => false,
        }
    }
}

/// The code of a connection, or why there is none.
pub fn verify(evidence: &Evidence) -> Result<Verification, NoCode> {
    let Certificates {
        local,
        remote,
        source,
    } = certificates(evidence)?;
    Ok(Verification {
        code: VerificationCode::of(&local, &remote),
        local,
        remote,
        source,
    })
}

/// What a code is made of, at less cost than the code itself.
pub(crate) fn certificates(evidence: &Evidence) -> Result<Certificates, NoCode> {
    let local = only(
        Whose::Own,
        fingerprint::in_description(&evidence.local_sdp)?,
    )?;
    let announced = fingerprint::in_description(&evidence.remote_sdp)?;
    let (remote, source) = match &evidence.presented {
        None => (only(Whose::Others, announced)?, Source::Description),
        Some(shown) => (compared(shown, &announced)?, Source::Handshake),
    };
    Ok(Certificates {
        local,
        remote,
        source,
    })
}

/// How often something that is connected is asked before it is taken to tell nothing.
pub(crate) const PATIENCE: u32 = 25;

/// What was `told` of a connection that is connected and was asked `asked` times before: it should
/// know its certificates since the handshake, so at some time “not yet” is no answer any more.
pub(crate) fn when_connected<T>(told: Result<T, NoCode>, asked: u32) -> Result<T, NoCode> {
    match told {
        Err(NoCode::NotYet) if asked >= PATIENCE => Err(NoCode::NotTold),
        result => result,
    }
}

/// The one certificate of all transports, if it was announced.
fn compared(shown: &[Vec<u8>], announced: &[Fingerprint]) -> Result<Fingerprint, NoCode> {
    let first = shown.first().ok_or(NoCode::NotYet)?;
    if shown.iter().any(|certificate| certificate != first) {
        return Err(NoCode::Several(Whose::Others));
    }
    let shown = Fingerprint::of_certificate(first);
    let mut comparable = announced.iter().filter(|f| f.algorithm() == SHA_256);
    let (one, another) = (comparable.next(), comparable.next());
    match announced.first() {
        None => Err(NoCode::NotYet),
        Some(_) if another.is_some() => Err(NoCode::Several(Whose::Others)),
        Some(_) if one == Some(&shown) => Ok(shown),
        Some(other) if announced.iter().all(|f| f.algorithm() != SHA_256) => {
            let algorithm = other.algorithm().to_owned();
            Err(NoCode::OtherHash(Whose::Others, algorithm))
        }
        Some(_) => Err(NoCode::Contradiction),
    }
}

fn only(whose: Whose, mut found: Vec<Fingerprint>) -> Result<Fingerprint, NoCode> {
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(NoCode::NotYet),
        (Some(_), false) => Err(NoCode::Several(whose)),
        (Some(one), true) if one.algorithm() != SHA_256 => {
            Err(NoCode::OtherHash(whose, one.algorithm().to_owned()))
        }
        (Some(one), true) => Ok(one),
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "this browser gives",
            Self::Others => "the other end gives",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &[u8] = b"Alice's certificate";
    const BOB: &[u8] = b"Bob's certificate";
    const MALLORY: &[u8] = b"Mallory's certificate";

    fn sdp(certificates: &[&[u8]]) -> String {
        let lines = certificates.iter().map(|certificate| {
            let fingerprint = Fingerprint::of_certificate(certificate);
            format!("a=fingerprint:{fingerprint}\r\n")
        });
        lines.collect()
    }

    /// What Alice's end tells.
    fn evidence(announced: &[&[u8]], shown: Option<&[&[u8]]>) -> Evidence {
        Evidence {
            local_sdp: sdp(&[ALICE]),
            remote_sdp: sdp(announced),
            presented: shown.map(|shown| shown.iter().map(|c| c.to_vec()).collect()),
        }
    }

    #[test]
    fn both_ends_agree_wherever_they_learn_it() {
        let alice = verify(&evidence(&[BOB], Some(&[BOB, BOB]))).unwrap();
        let bob = verify(&Evidence {
            local_sdp: sdp(&[BOB, BOB]),
            remote_sdp: sdp(&[ALICE]),
            presented: None,
        });
        let bob = bob.unwrap();
        assert_eq!(alice.code, bob.code);
        assert_eq!(
            (alice.source, bob.source),
            (Source::Handshake, Source::Description)
        );
        assert_eq!((alice.local, alice.remote), (bob.remote, bob.local));
    }

    #[test]
    fn whoever_swaps_certificates_makes_another_code() {
        let honest = verify(&evidence(&[BOB], Some(&[BOB]))).unwrap();
        let attacked = verify(&evidence(&[MALLORY], Some(&[MALLORY]))).unwrap();
        assert_ne!(honest.code, attacked.code);
    }

    #[test]
    fn a_second_announcement_is_no_code_whatever_was_shown() {
        let both: &[&[u8]] = &[BOB, MALLORY];
        for shown in [None, Some(&[MALLORY][..]), Some(&[BOB][..])] {
            let error = verify(&evidence(both, shown)).unwrap_err();
            assert_eq!(error, NoCode::Several(Whose::Others));
            assert!(error.is_suspicious());
        }
    }

    #[test]
    fn what_was_shown_has_to_be_what_was_announced() {
        let error = verify(&evidence(&[BOB], Some(&[MALLORY]))).unwrap_err();
        assert_eq!(error, NoCode::Contradiction);
        assert!(error.is_suspicious());
    }

    #[test]
    fn a_second_certificate_on_another_transport_is_no_code() {
        let both: &[&[u8]] = &[BOB, MALLORY];
        assert_eq!(
            verify(&evidence(both, Some(both))),
            Err(NoCode::Several(Whose::Others))
        );
    }

    #[test]
    fn before_anything_is_known_there_is_no_code() {
        assert_eq!(verify(&Evidence::default()), Err(NoCode::NotYet));
        assert_eq!(verify(&evidence(&[BOB], Some(&[]))), Err(NoCode::NotYet));
        assert_eq!(verify(&evidence(&[], Some(&[BOB]))), Err(NoCode::NotYet));
    }

    #[test]
    fn whoever_never_tells_is_not_waited_for_and_may_tell_later() {
        let silent = evidence(&[BOB], Some(&[]));
        let after = |asked| when_connected(verify(&silent), asked);
        assert_eq!(after(0), Err(NoCode::NotYet));
        assert_eq!(after(PATIENCE - 1), Err(NoCode::NotYet));
        assert_eq!(after(PATIENCE), Err(NoCode::NotTold));
        let told = evidence(&[BOB], Some(&[BOB]));
        assert_eq!(when_connected(verify(&told), PATIENCE), verify(&told));
        let wrong = evidence(&[BOB], Some(&[MALLORY]));
        assert_eq!(
            when_connected(verify(&wrong), PATIENCE),
            Err(NoCode::Contradiction)
        );
    }

    #[test]
    fn another_hash_is_named() {
        for presented in [None, Some(vec![BOB.to_vec()])] {
            let evidence = Evidence {
                remote_sdp: "a=fingerprint:sha-512 01:02\r\n".to_owned(),
                presented,
                ..evidence(&[], None)
            };
            let error = verify(&evidence).unwrap_err();
            assert_eq!(
                error,
                NoCode::OtherHash(Whose::Others, "sha-512".to_owned())
            );
            assert_eq!(
                error.to_string(),
                "the other end gives only a fingerprint by sha-512, and the code is made of sha-256"
            );
        }
    }

    #[test]
    fn the_own_end_is_named_when_it_is_the_own() {
        let evidence = Evidence {
            local_sdp: "a=fingerprint:sha-512 01:02\r\n".to_owned(),
            ..evidence(&[BOB], None)
        };
        assert_eq!(
            verify(&evidence),
            Err(NoCode::OtherHash(Whose::Own, "sha-512".to_owned()))
        );
    }

    #[test]
    fn nonsense_is_an_error() {
        let nonsense = Evidence {
            remote_sdp: "a=fingerprint:nonsense\r\n".to_owned(),
            ..evidence(&[], None)
        };
        assert!(matches!(verify(&nonsense), Err(NoCode::Invalid(_))));
    }
}
