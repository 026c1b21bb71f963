//! What went over a transport, in a few words for the event log. Pure.

use signaling_protocol::{PeerMessage, PeerSignal};

use super::{Event, Request};

pub(super) fn of_request(request: &Request) -> String {
    match request {
        Request::Join { room, .. } => format!("join {room}"),
        Request::Leave => "leave".to_owned(),
        Request::Signal { to, message } => format!("{} to {to}", of_message(message)),
    }
}

pub(super) fn of_event(event: &Event) -> String {
    match event {
        Event::Joined { me, created, .. } => {
            let how = if *created { "created" } else { "joined" };
            format!("{how} as {me}")
        }
        Event::Resumed => "resumed".to_owned(),
        Event::PeerJoined { peer, .. } => format!("peerJoined {peer}"),
        Event::PeerDisconnected(peer) => format!("peerDisconnected {peer}"),
        Event::PeerResumed(peer) => format!("peerResumed {peer}"),
        Event::PeerLeft { peer, .. } => format!("peerLeft {peer}"),
        Event::Signal { from, message } => format!("{} from {from}", of_message(message)),
        Event::Left => "left".to_owned(),
        Event::Refused(error) => format!("error: {}", error.message),
        Event::GoingAway { .. } => "goingAway".to_owned(),
        Event::Malformed(what) => what.clone(),
    }
}

fn of_message(message: &PeerMessage) -> &str {
    match &message.signal {
        Some(PeerSignal::Description(description)) => description.kind.as_str(),
        Some(PeerSignal::Candidate(_)) => "candidate",
        None => "connection",
    }
}
