//! What went over a transport: in a few words for the event log, and whole for the inspector. Pure.

use serde_json::{Value, json};
use signaling_protocol::{HostMessage, PeerId, PeerMessage, PeerSignal};

use super::{Event, Request};
use crate::trace::{Detail, Direction, Payload, Private, Tracer, detail};

/// Reports a request that is sent.
#[track_caller]
pub(crate) fn report_request(tracer: &Tracer, request: &Request) {
    tracer
        .with(payload_of_request(request))
        .signal("send", of_request(request));
}

/// Reports an event that has come.
#[track_caller]
pub(crate) fn report_event(tracer: &Tracer, event: &Event) {
    match event {
        Event::Malformed(what) => tracer.error("message", what.clone()),
        event => tracer
            .with(payload_of_event(event))
            .signal("receive", of_event(event)),
    }
}

/// `offer`, `answer`, `candidate` …
pub(crate) fn of_signal(signal: &PeerSignal) -> &'static str {
    match signal {
        PeerSignal::Description(description) => description.kind.as_str(),
        PeerSignal::Candidate(_) => "candidate",
    }
}

/// A signal as it is written.
pub(crate) fn json_of_signal(signal: &PeerSignal) -> Value {
    match signal {
        PeerSignal::Description(description) => json!({ "description": description }),
        PeerSignal::Candidate(candidate) => json!({ "candidate": candidate }),
    }
}

fn payload_of_request(request: &Request) -> Payload {
    let (other, message) = match request {
        // Without the passphrase, here and below.
        Request::Join {
            room, kind, name, ..
        } => (
            None,
            json!({ "type": "join", "room": room, "kind": kind, "name": name }),
        ),
        Request::Leave => (None, json!({ "type": "leave" })),
        Request::Signal { to, message } => (Some(to.as_str().to_owned()), json!(message)),
        // By hand: to serialise it costs the browser more code.
        Request::Host(message) => {
            let (what, peer) = of_host(message);
            (None, json!({ "type": what, "peerId": peer }))
        }
    };
    Payload::Signal {
        direction: Direction::Sent,
        other,
        message,
    }
}

fn payload_of_event(event: &Event) -> Payload {
    let mut other = None;
    let message = match event {
        Event::Joined {
            me,
            grace_ms,
            created,
            capacity,
            peers,
            ice_servers,
            ..
        } => {
            // Without the credentials: a trace is shown, and may be given away.
            let urls = ice_servers
                .iter()
                .map(|server| json!({ "urls": server.urls }));
            json!({
                "type": "joined",
                "peerId": me,
                "graceMs": grace_ms,
                "created": created,
                "capacity": capacity,
                "peers": peers,
                "iceServers": urls.collect::<Vec<_>>(),
            })
        }
        Event::Waiting => json!({ "type": "waiting" }),
        Event::Resumed => json!({ "type": "resumed" }),
        Event::PeerJoined { peer, name } => {
            json!({ "type": "peerJoined", "peerId": peer, "name": name })
        }
        Event::PeerDisconnected(peer) => json!({ "type": "peerDisconnected", "peerId": peer }),
        Event::PeerResumed(peer) => json!({ "type": "peerResumed", "peerId": peer }),
        Event::PeerLeft { peer, reason } => {
            json!({ "type": "peerLeft", "peerId": peer, "reason": reason })
        }
        Event::Signal { from, message } => {
            other = Some(from.as_str().to_owned());
            json!(message)
        }
        Event::Policy { policy, .. } => json!({
            "type": "policy",
            "locked": policy.locked,
            "lobby": policy.lobby,
            "passphrase": policy.passphrase,
        }),
        Event::PeerChanged {
            peer,
            host,
            silenced,
            spotlight,
        } => json!({
            "type": "peerChanged",
            "peerId": peer,
            "host": host,
            "silenced": silenced,
            "spotlight": spotlight,
        }),
        Event::Knock { peer, name } => json!({ "type": "knock", "peerId": peer, "name": name }),
        Event::KnockEnded(peer) => json!({ "type": "knockEnded", "peerId": peer }),
        Event::Left => json!({ "type": "left" }),
        Event::Removed => json!({ "type": "removed" }),
        Event::Replaced => json!({ "type": "replaced" }),
        Event::Refused(error) => json!({ "type": "error", "error": error }),
        Event::GoingAway { retry_after_ms } => {
            json!({ "type": "goingAway", "retryAfterMs": retry_after_ms })
        }
        Event::Malformed(what) | Event::Lost(what) => json!({ "type": "lost", "reason": what }),
    };
    Payload::Signal {
        direction: Direction::Received,
        other,
        message,
    }
}

fn of_request(request: &Request) -> Detail {
    match request {
        Request::Join { room, .. } => detail!["join ", Private::Room.of(room)],
        Request::Leave => Detail::from("leave"),
        Request::Signal { to, message } => {
            detail![of_message(message), " to ", Private::Peer.of(to)]
        }
        Request::Host(message) => match of_host(message) {
            (what, Some(peer)) => detail![what, " ", Private::Peer.of(peer)],
            (what, None) => Detail::from(what),
        },
    }
}

/// The type of the message, and of whom it is.
fn of_host(message: &HostMessage) -> (&'static str, Option<&PeerId>) {
    match message {
        HostMessage::SetPolicy(_) => ("setPolicy", None),
        HostMessage::Admit { peer_id } => ("admit", Some(peer_id)),
        HostMessage::Refuse { peer_id } => ("refuse", Some(peer_id)),
        HostMessage::Remove { peer_id } => ("remove", Some(peer_id)),
        HostMessage::SetParticipant { peer_id, .. } => ("setParticipant", Some(peer_id)),
    }
}

fn of_event(event: &Event) -> Detail {
    let of_peer = |what: &'static str, peer: &PeerId| detail![what, Private::Peer.of(peer)];
    match event {
        Event::Joined { me, created, .. } => {
            let how = if *created { "created" } else { "joined" };
            detail![how, " as ", Private::Peer.of(me)]
        }
        Event::Waiting => Detail::from("waiting"),
        Event::Resumed => Detail::from("resumed"),
        Event::PeerJoined { peer, .. } => of_peer("peerJoined ", peer),
        Event::PeerDisconnected(peer) => of_peer("peerDisconnected ", peer),
        Event::PeerResumed(peer) => of_peer("peerResumed ", peer),
        Event::PeerLeft { peer, .. } => of_peer("peerLeft ", peer),
        Event::Signal { from, message } => {
            detail![of_message(message), " from ", Private::Peer.of(from)]
        }
        Event::Policy { .. } => Detail::from("policy"),
        Event::PeerChanged { peer, .. } => of_peer("peerChanged ", peer),
        Event::Knock { peer, .. } => of_peer("knock ", peer),
        Event::KnockEnded(peer) => of_peer("knockEnded ", peer),
        Event::Left => Detail::from("left"),
        Event::Removed => Detail::from("removed"),
        Event::Replaced => Detail::from("replaced"),
        Event::Refused(error) => detail!["error: ", error.message.clone()],
        Event::GoingAway { .. } => Detail::from("goingAway"),
        Event::Malformed(what) | Event::Lost(what) => Detail::from(what.clone()),
    }
}

fn of_message(message: &PeerMessage) -> &'static str {
    match &message.signal {
        Some(signal) => of_signal(signal),
        None => "connection",
    }
}

#[cfg(test)]
mod tests {
    use signaling_protocol::{Passphrase, PolicyChange, RoomId, RoomKind};

    use super::*;

    #[test]
    fn no_passphrase_is_in_what_is_noted() {
        let passphrase = Passphrase::new("open sesame").unwrap();
        let join = Request::Join {
            room: RoomId::new("hall").unwrap(),
            kind: RoomKind::Mesh,
            name: "Kim".to_owned(),
            passphrase: Some(passphrase.clone()),
        };
        let set = Request::Host(HostMessage::SetPolicy(PolicyChange {
            locked: Some(true),
            passphrase: Some(Some(passphrase)),
            ..PolicyChange::default()
        }));
        for request in [join, set] {
            let noted = format!(
                "{:?} {:?}",
                of_request(&request),
                payload_of_request(&request)
            );
            assert!(!noted.contains("sesame"), "{noted}");
            assert!(!format!("{request:?}").contains("sesame"));
        }
    }
}
