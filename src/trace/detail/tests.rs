use serde_json::json;

use super::*;

fn written(detail: &Detail) -> serde_json::Value {
    serde_json::to_value(detail).unwrap()
}

#[test]
fn it_is_read_as_it_was_written() {
    for (detail, json) in [
        (Detail::from("offer"), json!("offer")),
        (Detail::from("free".to_owned()), json!("free")),
        (
            detail!["join ", Private::Room.of("kitchen")],
            json!(["join ", { "room": "kitchen" }]),
        ),
        (detail![2_usize, " ICE servers"], json!([2, " ICE servers"])),
        (
            Private::RoomKey.of("v1%2E2").into(),
            json!([{ "roomKey": "v1%2E2" }]),
        ),
    ] {
        assert_eq!(written(&detail), json);
        assert_eq!(serde_json::from_value::<Detail>(json).unwrap(), detail);
    }
    assert!(Detail::from("").is_empty() && Detail::from(String::new()).is_empty());
}

#[test]
fn what_is_no_detail_is_refused() {
    for json in [
        json!(7),
        json!([{}]),
        json!([{ "new": "x" }]),
        json!([[]]),
        json!([-1]),
        json!([{ "room": "a", "peer": "b" }]),
    ] {
        assert!(
            serde_json::from_value::<Detail>(json.clone()).is_err(),
            "{json}"
        );
    }
}

#[test]
fn people_read_all_its_pieces() {
    let detail = detail![
        "no answer from ",
        Private::Host.of("db.example"),
        ": ",
        503_u16
    ];
    assert_eq!(detail, "no answer from db.example: 503");
    assert_eq!(
        detail.size(),
        "no answer from db.example: ".len() + 3 * PIECE_BYTES
    );
}

#[test]
fn a_long_one_is_clipped_and_says_so() {
    let long = || "ä".repeat(5000);
    for detail in [
        Detail::from(long()),
        Private::Host.of(long()).into(),
        detail!["to ", Private::Host.of(long()), " ", long()],
        std::iter::repeat_n(Piece::Number(1), 5000).collect(),
    ] {
        for most in [100, 101, 1000] {
            let clipped = detail.clipped(most);
            assert!(clipped.size() <= most, "{} of {most}", clipped.size());
            assert!(clipped.text().ends_with('…'));
            assert!(clipped.size() + 2 * PIECE_BYTES + 6 > most);
        }
    }
    let short = detail!["to ", Private::Peer.of("ada")];
    assert_eq!(short.clipped(200), short);
}
