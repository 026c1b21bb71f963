//! The wire specification and the types say the same.

#![allow(clippy::unwrap_used, reason = "this is a test")]

use serde::Serialize;
use serde_json::Value;
use signaling_protocol::{
    ChannelMessage, ClientMessage, ErrorCode, HostMessage, LeaveReason, Passphrase, PeerMessage,
    RoomId, RoomKind, SUBPROTOCOL, ServerFrame, ServerMessage, Token, TraceMessage, numbered,
};

const README: &str = include_str!("../README.md");

/// The JSON blocks that are marked with `from`: client, server, peer or channel.
fn examples(from: &str) -> Vec<&'static str> {
    let opening = format!("```json {from}\n");
    let blocks = README.split(opening.as_str()).skip(1);
    let found: Vec<_> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(!found.is_empty(), "no example from {from}");
    found
}

#[track_caller]
fn same(example: &str, message: &impl Serialize) {
    let text = serde_json::to_string(message).unwrap();
    let written: Value = serde_json::from_str(example).unwrap();
    let read_and_written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read_and_written, written, "{example}");
}

fn tag(message: &impl Serialize) -> String {
    let text = serde_json::to_string(message).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    match value {
        // A code or a reason is a string by itself.
        Value::String(tag) => tag,
        value => value["type"].as_str().unwrap().to_owned(),
    }
}

#[test]
fn every_block_is_marked() {
    let blocks = README.matches("```json").count();
    let marked = ["client", "server", "peer", "channel"].map(|from| examples(from).len());
    assert_eq!(blocks, marked.iter().sum::<usize>());
}

#[test]
fn client_examples_are_read_and_written_back() {
    for example in examples("client") {
        same(example, &ClientMessage::from_json(example).unwrap());
    }
}

#[test]
fn server_examples_are_read_and_written_back() {
    for example in examples("server") {
        let frame = ServerFrame::from_json(example).unwrap();
        let mut text = serde_json::to_string(&frame.message).unwrap();
        if let Some(seq) = frame.seq {
            text = numbered(&text, seq);
        }
        same(example, &serde_json::from_str::<Value>(&text).unwrap());
    }
}

#[test]
fn messages_of_the_room_have_numbers_and_no_others() {
    for example in examples("server") {
        let frame = ServerFrame::from_json(example).unwrap();
        let of_the_room = match frame.message {
            ServerMessage::PeerJoined { .. }
            | ServerMessage::PeerDisconnected { .. }
            | ServerMessage::PeerResumed { .. }
            | ServerMessage::PeerLeft { .. }
            | ServerMessage::Policy { .. }
            | ServerMessage::PeerChanged { .. }
            | ServerMessage::Knock { .. }
            | ServerMessage::KnockEnded { .. }
            | ServerMessage::Signal { .. } => true,
            ServerMessage::Joined { .. }
            | ServerMessage::Resumed { .. }
            | ServerMessage::Left { .. }
            | ServerMessage::Waiting { .. }
            | ServerMessage::Removed { .. }
            | ServerMessage::Pong { .. }
            | ServerMessage::Error(_)
            | ServerMessage::GoingAway { .. } => false,
        };
        assert_eq!(frame.seq.is_some(), of_the_room, "{example}");
    }
}

#[test]
fn peer_examples_are_read_and_written_back() {
    for example in examples("peer") {
        let message: PeerMessage = serde_json::from_str(example).unwrap();
        same(example, &message);
    }
}

#[test]
fn channel_examples_are_read_and_written_back() {
    let mut kinds = Vec::new();
    for example in examples("channel") {
        let message: ChannelMessage = serde_json::from_str(example).unwrap();
        same(example, &message);
        kinds.push(match message {
            ChannelMessage::Status(_) => 0,
            ChannelMessage::Chat(_) => 1,
            ChannelMessage::Acknowledgement { .. } => 2,
            ChannelMessage::Signal(_) => 3,
            ChannelMessage::Trace(TraceMessage::Ask { .. }) => 4,
            ChannelMessage::Trace(TraceMessage::Accept { .. }) => 5,
            ChannelMessage::Trace(TraceMessage::Refuse { .. }) => 6,
            ChannelMessage::Trace(TraceMessage::Stop) => 7,
            ChannelMessage::Trace(TraceMessage::Probe { .. }) => 8,
            ChannelMessage::Trace(TraceMessage::Echo { .. }) => 9,
            ChannelMessage::Trace(TraceMessage::Entries { .. }) => 10,
            ChannelMessage::Reaction(_) => 11,
            ChannelMessage::AskToMute {} => 12,
        });
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert!(kinds.into_iter().eq(0..=12), "each has an example");
}

#[test]
fn every_client_message_has_an_example() {
    let examples: Vec<_> = examples("client")
        .into_iter()
        .map(|example| ClientMessage::from_json(example).unwrap())
        .collect();
    // A new variant does not compile here until it has a number, and then has to be shown.
    let number = |message: &ClientMessage| match message {
        ClientMessage::Join { .. } => 0,
        ClientMessage::Leave => 1,
        ClientMessage::Signal { .. } => 2,
        ClientMessage::Resume { .. } => 3,
        ClientMessage::Ping { .. } => 4,
        ClientMessage::Host(HostMessage::SetPolicy(_)) => 5,
        ClientMessage::Host(HostMessage::Admit { .. }) => 6,
        ClientMessage::Host(HostMessage::Refuse { .. }) => 7,
        ClientMessage::Host(HostMessage::Remove { .. }) => 8,
        ClientMessage::Host(HostMessage::SetParticipant { .. }) => 9,
    };
    for expected in 0..10 {
        assert!(examples.iter().any(|m| number(m) == expected), "{expected}");
    }
    for message in &examples {
        assert!(README.contains(&format!("### `{}`", tag(message))));
    }
}

#[test]
fn every_server_message_has_an_example() {
    let examples: Vec<_> = examples("server")
        .into_iter()
        .map(|example| ServerFrame::from_json(example).unwrap().message)
        .collect();
    let number = |message: &ServerMessage| match message {
        ServerMessage::Joined { .. } => 0,
        ServerMessage::PeerJoined { .. } => 1,
        ServerMessage::PeerLeft { .. } => 2,
        ServerMessage::Left { .. } => 3,
        ServerMessage::Signal { .. } => 4,
        ServerMessage::Error(_) => 5,
        ServerMessage::GoingAway { .. } => 6,
        ServerMessage::Resumed { .. } => 7,
        ServerMessage::PeerDisconnected { .. } => 8,
        ServerMessage::PeerResumed { .. } => 9,
        ServerMessage::Pong { .. } => 10,
        ServerMessage::Waiting { .. } => 11,
        ServerMessage::Policy { .. } => 12,
        ServerMessage::PeerChanged { .. } => 13,
        ServerMessage::Knock { .. } => 14,
        ServerMessage::KnockEnded { .. } => 15,
        ServerMessage::Removed { .. } => 16,
    };
    for expected in 0..17 {
        assert!(examples.iter().any(|m| number(m) == expected), "{expected}");
    }
    for message in &examples {
        assert!(README.contains(&format!("### `{}`", tag(message))));
    }
}

#[test]
fn every_error_code_is_in_the_table() {
    use ErrorCode::*;
    // As above: a new code does not compile until it is listed.
    let listed = |code| match code {
        InvalidJson | UnknownType | InvalidMessage | BinaryUnsupported | MessageTooLarge
        | InvalidRoom | InvalidName | CannotResume | OriginNotAllowed | NotJoined
        | AlreadyJoined | RoomFull | RoomLocked | PassphraseRequired | WrongPassphrase
        | NotAdmitted | RemovedByHost | RoomClosed | NotAllowed | Busy | Overtaken
        | UnknownPeer | RateLimited | MissedSignal | ServerFull => true,
        // Never sent: it stands for codes of later versions.
        Unknown => false,
    };
    let codes = [
        InvalidJson,
        UnknownType,
        InvalidMessage,
        BinaryUnsupported,
        MessageTooLarge,
        InvalidRoom,
        InvalidName,
        CannotResume,
        OriginNotAllowed,
        NotJoined,
        AlreadyJoined,
        RoomFull,
        RoomLocked,
        PassphraseRequired,
        WrongPassphrase,
        NotAdmitted,
        RemovedByHost,
        RoomClosed,
        NotAllowed,
        Busy,
        Overtaken,
        UnknownPeer,
        RateLimited,
        MissedSignal,
        ServerFull,
    ];
    for code in codes {
        assert!(listed(code));
        assert!(
            README.contains(&format!("\n| `{}` |", tag(&code))),
            "{code:?}"
        );
    }
    let rows = README.split("## Errors").nth(1).unwrap();
    let rows = rows.split("\n## ").next().unwrap().matches("\n| `").count();
    assert_eq!(rows, codes.len());
    let later: ErrorCode = serde_json::from_str("\"ofALaterVersion\"").unwrap();
    assert!(!listed(later));
}

#[test]
fn every_reason_and_kind_is_in_a_table() {
    let reasons = [
        LeaveReason::Left,
        LeaveReason::Disconnected,
        LeaveReason::Removed,
        LeaveReason::RemovedByHost,
    ];
    for reason in reasons {
        match reason {
            LeaveReason::Left
            | LeaveReason::Disconnected
            | LeaveReason::Removed
            | LeaveReason::RemovedByHost => {}
        }
        assert!(README.contains(&format!("\n| `{}` |", tag(&reason))));
    }
    for kind in [RoomKind::Call, RoomKind::Mesh] {
        match kind {
            RoomKind::Call | RoomKind::Mesh => {}
        }
        assert!(README.contains(&format!("\n| `{}` |", tag(&kind))));
    }
}

#[test]
fn limits_and_version_are_those_of_the_code() {
    assert!(README.contains(&format!("# The signaling protocol `{SUBPROTOCOL}`")));
    let bytes = signaling_protocol::MAX_MESSAGE_BYTES;
    assert!(README.contains(&format!("bytes of UTF-8 | {bytes}, in both directions")));
    let chars = RoomId::MAX_CHARS;
    assert!(README.contains(&format!("name, in characters | {chars} |")));
    let (least, most) = (Token::MIN_CHARS, Token::MAX_CHARS);
    assert!(README.contains(&format!("{least} to {most} ASCII letters and digits")));
    let chars = Passphrase::MAX_CHARS;
    assert!(README.contains(&format!("asks for one, 1 to {chars} characters")));
}
