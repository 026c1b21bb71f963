//! Which end of a connection is the DTLS client. Pure.
//!
//! That is settled by the first answer and stays so for as long as the association lasts, ICE
//! restarts included: <https://www.rfc-editor.org/rfc/rfc8842#section-5.3>. Firefox answers every
//! ICE restart with `active` all the same; Chromium then refuses the answer, and no way is ever
//! found again. So the answer that is sent names the role that this end really has.

use signaling_protocol::{SdpType, SessionDescription};

const ACTIVE: &str = "a=setup:active";
const PASSIVE: &str = "a=setup:passive";

/// This end's role, once it is known.
#[derive(Debug, Default)]
pub(super) struct DtlsRole(Option<&'static str>);

impl DtlsRole {
    /// The other end's answer.
    pub(super) fn handle_answer(&mut self, answer: &SessionDescription) {
        let own = setup_of(answer).map(opposite);
        self.0 = self.0.or(own);
    }

    /// This end's own description as it is to be sent.
    pub(super) fn keep(&mut self, mut own: SessionDescription) -> SessionDescription {
        if own.kind == SdpType::Answer {
            self.0 = self.0.or(setup_of(&own));
            if let Some(role) = self.0 {
                own.sdp = own.sdp.replace(opposite(role), role);
            }
        }
        own
    }
}

fn setup_of(answer: &SessionDescription) -> Option<&'static str> {
    [ACTIVE, PASSIVE]
        .into_iter()
        .find(|setup| answer.sdp.contains(setup))
}

fn opposite(setup: &'static str) -> &'static str {
    if setup == ACTIVE { PASSIVE } else { ACTIVE }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description(kind: SdpType, setup: &str) -> SessionDescription {
        let section = format!("m=audio 9\r\n{setup}\r\n");
        SessionDescription {
            kind,
            sdp: format!("v=0\r\n{section}{section}"),
        }
    }

    #[test]
    fn the_first_answer_settles_the_role_whoever_gives_it() {
        for (theirs, ours) in [(ACTIVE, PASSIVE), (PASSIVE, ACTIVE)] {
            let mut role = DtlsRole::default();
            role.handle_answer(&description(SdpType::Answer, theirs));
            for again in [ACTIVE, PASSIVE] {
                let sent = role.keep(description(SdpType::Answer, again));
                assert_eq!(sent, description(SdpType::Answer, ours));
            }
        }
        let mut role = DtlsRole::default();
        let first = description(SdpType::Answer, PASSIVE);
        assert_eq!(role.keep(first.clone()), first);
        assert_eq!(role.keep(description(SdpType::Answer, ACTIVE)), first);
    }

    #[test]
    fn an_offer_leaves_the_role_to_the_other_end() {
        let mut role = DtlsRole::default();
        role.handle_answer(&description(SdpType::Answer, ACTIVE));
        let offer = description(SdpType::Offer, "a=setup:actpass");
        assert_eq!(role.keep(offer.clone()), offer);
    }
}
