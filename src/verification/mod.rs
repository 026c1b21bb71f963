//! The verification code of a connection: what two people compare to find out whether somebody
//! sits between them. Pure.
//!
//! DTLS encrypts to whoever holds the key of a certificate, and the only thing that says whose
//! certificate it should be is a fingerprint that came through signaling. Whoever controls the
//! signaling can replace both fingerprints by its own, and then decrypts, reads and encrypts again
//! everything (RFC 8827 §6.5). It cannot make both ends use the *same two* certificates without
//! their private keys. So each end makes a code of the two certificates that its connection
//! uses, its own and the other's, in an order that does not depend on the end ([`VerificationCode`]); what
//! counts as "uses" is decided by [`evidence`].
//!
//! What the code does not say: who the person is (they have to know the voice or the face that
//! reads it), what the page does with sound and picture, and anything about another connection;
//! certificates, and so codes, are new with each `RTCPeerConnection`.
//!
//! Must not know where certificates come from, nor how a code is shown.

mod code;
mod emoji;
pub mod evidence;
pub(crate) mod fingerprint;

pub use code::VerificationCode;
pub use emoji::EMOJI;
pub(crate) use evidence::{Certificates, Evidence, certificates, when_connected};
pub use evidence::{NoCode, Source, Verification, verify};
pub use fingerprint::Fingerprint;
