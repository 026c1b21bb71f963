use signaling_protocol::{ErrorCode, ErrorMessage};

use super::*;
use crate::call::Condition;

const IN_ROOM: Phase = Phase::InRoom { created: false };

fn situation<'a>(
    kind: RoomKind,
    phase: &'a Phase,
    others: &[(&str, Presence)],
    departed: Option<(&'a str, LeaveReason)>,
) -> Situation<'a> {
    Situation {
        kind,
        transport: Transport::WebSocket,
        address: "wss://a.example/ws",
        phase,
        was_in: !matches!(phase, Phase::Connecting),
        others: others
            .iter()
            .map(|(name, presence)| Other {
                name: (*name).to_owned(),
                presence: *presence,
            })
            .collect(),
        departed: departed.map(|(name, reason)| (name.to_owned(), reason)),
    }
}

fn mesh(others: &[(&str, Presence)]) -> String {
    situation(RoomKind::Mesh, &IN_ROOM, others, None).describe()
}

#[test]
fn who_is_alone_knows_why() {
    let alone = |kind, departed| situation(kind, &IN_ROOM, &[], departed).describe();
    for (kind, departed, text) in [
        (RoomKind::Call, None, "Nobody else is here."),
        (
            RoomKind::Call,
            Some(("Kim", LeaveReason::Left)),
            "The other person left.",
        ),
        (
            RoomKind::Call,
            Some(("", LeaveReason::Disconnected)),
            "The other person’s connection was lost.",
        ),
        (
            RoomKind::Mesh,
            Some(("Kim", LeaveReason::Left)),
            "Kim left.",
        ),
        (
            RoomKind::Mesh,
            Some(("Kim", LeaveReason::Disconnected)),
            "Kim’s connection was lost.",
        ),
    ] {
        let expected = format!("{text} Waiting for someone to join.");
        assert_eq!(alone(kind, departed), expected);
    }
    let phase = Phase::InRoom { created: true };
    let text = situation(RoomKind::Mesh, &phase, &[], None).describe();
    assert_eq!(text, "The room is yours. Waiting for someone to join.");
}

#[test]
fn a_call_between_two_names_nobody() {
    let text =
        |presence| situation(RoomKind::Call, &IN_ROOM, &[("Kim", presence)], None).describe();
    assert_eq!(text(Presence::Connected), "You are connected.");
    assert_eq!(text(Presence::Connecting), "Someone is here. Connecting.");
    assert!(text(Presence::Reconnecting).contains("interrupted"));
    assert!(text(Presence::Failed).contains("Reconnect"));
}

#[test]
fn among_many_the_connected_are_counted_and_the_others_named() {
    use Presence::{Connected, Connecting, Failed, Reconnecting};
    assert_eq!(
        mesh(&[("Kim", Connected)]),
        "Kim is here. You are connected."
    );
    assert_eq!(
        mesh(&[("Kim", Connected), ("Robin", Connected), ("Sam", Connected)]),
        "3 others are here. You are connected to all of them."
    );
    assert_eq!(
        mesh(&[("Kim", Connecting), ("Robin", Connecting)]),
        "2 others are here. Connecting to Kim and Robin."
    );
    let text = mesh(&[
        ("Kim", Connected),
        ("Robin", Reconnecting),
        ("Sam", Failed),
        ("Guest 1f3a", Connecting),
    ]);
    assert!(text.starts_with("4 others are here. You are connected to 1 of 4."));
    assert!(text.contains("Connecting to Guest 1f3a."));
    assert!(text.contains("The connection to Robin is interrupted"));
    assert!(text.contains("Sam could not be reached."));
}

#[test]
fn who_left_is_told_also_while_others_stay() {
    let departed = Some(("Kim", LeaveReason::Left));
    let others = [("Robin", Presence::Connected)];
    assert_eq!(
        situation(RoomKind::Mesh, &IN_ROOM, &others, departed).describe(),
        "Kim left. Robin is here. You are connected."
    );
}

#[test]
fn without_the_server_a_call_goes_on_and_the_text_says_so() {
    let phase = Phase::Unreachable {
        reason: "it is down".to_owned(),
        retry_in_ms: 1500,
    };
    let others = [("Kim", Presence::Connected)];
    for kind in [RoomKind::Call, RoomKind::Mesh] {
        assert_eq!(
            situation(kind, &phase, &others, None).describe(),
            "The connection to the server at wss://a.example/ws is lost. Trying again in 1.5 seconds. Your call goes on meanwhile."
        );
    }
    let before = Situation {
        was_in: false,
        ..situation(RoomKind::Call, &phase, &[], None)
    };
    assert_eq!(
        before.describe(),
        "The server at wss://a.example/ws cannot be reached: it is down. Trying again in 1.5 seconds."
    );
}

#[test]
fn a_server_that_bars_the_way_back_is_quoted() {
    let phase = Phase::TurnedAway {
        error: ErrorMessage::new(ErrorCode::RoomFull, "the room is full."),
        retry_in_ms: 500,
    };
    assert_eq!(
        situation(RoomKind::Mesh, &phase, &[], None).describe(),
        "The server is back, but answers: the room is full. Trying again in 0.5 seconds."
    );
}

#[test]
fn who_only_lost_the_server_is_waited_for() {
    for condition in [Condition::Connected, Condition::Reconnecting] {
        let others = [("Kim", Presence::Away(Some(condition)))];
        let away = |kind| situation(kind, &IN_ROOM, &others, None).describe();
        assert_eq!(
            away(RoomKind::Call),
            "The other person’s connection to the server is lost. Waiting for it to come back."
        );
        assert_eq!(
            away(RoomKind::Mesh),
            "Kim is here. The server lost Kim and waits for them to come back."
        );
    }
    for (condition, rest) in [
        (None, "Then to Kim. "),
        (Some(Condition::Connecting), "Connecting to Kim. "),
    ] {
        assert_eq!(
            mesh(&[("Kim", Presence::Away(condition))]),
            format!("Kim is here. {rest}The server lost Kim and waits for them to come back.")
        );
    }
}

#[test]
fn no_text_speaks_of_a_server_where_there_is_none() {
    use Condition::{Connected, Connecting, Failed, Reconnecting};
    let phases = [
        Phase::Connecting,
        Phase::Joining,
        Phase::Waiting,
        Phase::InRoom { created: true },
        IN_ROOM,
        Phase::Left,
        Phase::Removed,
    ];
    let reasons = [
        LeaveReason::Left,
        LeaveReason::Disconnected,
        LeaveReason::Removed,
        LeaveReason::RemovedByHost,
    ];
    for transport in [Transport::Tabs, Transport::Paste, Transport::Firebase] {
        for phase in &phases {
            for condition in [Connected, Connecting, Failed, Reconnecting] {
                for (away, reason) in [(false, None), (true, None)]
                    .into_iter()
                    .chain(reasons.map(|reason| (false, Some(reason))))
                {
                    let departed = reason.map(|reason| ("Kim", reason));
                    let others: &[_] = match reason {
                        None => &[("Kim", Presence::of(Some(condition), away))],
                        Some(_) => &[],
                    };
                    let situation = Situation {
                        transport,
                        ..situation(RoomKind::Call, phase, others, departed)
                    };
                    let text = situation.describe().replace("TURN server", "TURN");
                    assert!(!text.contains("server"), "{transport:?}: {text}");
                }
            }
        }
    }
}

#[test]
fn nobody_is_said_to_be_here_before_somebody_has_the_invitation() {
    let others = [("Guest z123", Presence::Connecting)];
    let text = Situation {
        transport: Transport::Paste,
        ..situation(RoomKind::Mesh, &IN_ROOM, &others, None)
    }
    .describe();
    assert_eq!(
        text,
        "Not connected yet: one text goes out, one comes back."
    );
}
