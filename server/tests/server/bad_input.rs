//! Whatever a client says: it gets its answer, stays connected, and nobody else notices.

use crate::common::Server;
use crate::common::scene::Scene;
use serde_json::json;

#[tokio::test]
async fn invalid_json() {
    let mut scene = Scene::new().await;
    for text in [
        "",
        "hello",
        "{\"type\":",
        "[\"leave\"]",
        "null",
        "{}",
        "{\"type\":1}",
    ] {
        scene.bad.send_text(text).await;
        assert_eq!(scene.bad.error().await, "invalidJson", "{text}");
    }
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn unknown_type() {
    let message = json!({"type": "dance"});
    Scene::new()
        .await
        .assert_refused(message, "unknownType")
        .await;
}

#[tokio::test]
async fn missing_fields() {
    let mut scene = Scene::new().await;
    for message in [
        json!({"type": "join"}),
        json!({"type": "join", "room": 1}),
        json!({"type": "join", "room": "a", "kind": "palace"}),
        json!({"type": "signal"}),
        json!({"type": "signal", "to": "somebody"}),
        json!({"type": "signal", "signal": {}}),
    ] {
        scene.bad.send(message.clone()).await;
        assert_eq!(scene.bad.error().await, "invalidMessage", "{message}");
    }
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_signal_before_joining() {
    let scene = Scene::new().await;
    let message = json!({"type": "signal", "to": scene.b_id, "signal": {}});
    scene.assert_refused(message, "notJoined").await;
}

#[tokio::test]
async fn leaving_before_joining() {
    let message = json!({"type": "leave"});
    Scene::new()
        .await
        .assert_refused(message, "notJoined")
        .await;
}

#[tokio::test]
async fn joining_twice() {
    let mut scene = Scene::new().await;
    scene.bad.join("first").await;
    for room in ["first", "second", "bystanders", ""] {
        scene.bad.send(json!({"type": "join", "room": room})).await;
        assert_eq!(scene.bad.error().await, "alreadyJoined", "{room}");
    }
    scene.bad.send(json!({"type": "leave"})).await;
    assert_eq!(
        scene.bad.receive().await,
        json!({"type": "left", "room": "first"})
    );
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn an_unknown_recipient() {
    let mut scene = Scene::new().await;
    let me = scene.bad.join("elsewhere").await;
    for to in ["", "nobody", &me, &"x".repeat(10_000)] {
        scene.bad.signal(to, 1).await;
        assert_eq!(scene.bad.error().await, "unknownPeer");
    }
    scene.bad.send(json!({"type": "leave"})).await;
    scene.bad.receive().await;
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_recipient_of_a_foreign_room() {
    let mut scene = Scene::new().await;
    scene.bad.join("elsewhere").await;
    let foreign = scene.b_id.clone();
    scene.bad.signal(&foreign, "gotcha").await;
    assert_eq!(scene.bad.error().await, "unknownPeer");
    scene.bad.send(json!({"type": "leave"})).await;
    scene.bad.receive().await;
    scene.assert_useful().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn a_recipient_that_was_in_the_room() {
    let mut scene = Scene::new().await;
    scene.bad.join("elsewhere").await;
    let (mut gone, gone_id) = scene.server.joined("elsewhere").await;
    scene.bad.receive().await;
    gone.send(json!({"type": "leave"})).await;
    assert_eq!(scene.bad.receive().await["type"], "peerLeft");
    gone.receive().await;
    gone.join("elsewhere").await;
    assert_eq!(scene.bad.receive().await["type"], "peerJoined");
    scene.bad.signal(&gone_id, "late").await;
    assert_eq!(scene.bad.error().await, "unknownPeer");
    gone.expect_silence().await;
    scene.assert_nobody_harmed().await;
}

#[tokio::test]
async fn an_empty_room_name() {
    for room in ["", "   "] {
        let message = json!({"type": "join", "room": room});
        Scene::new()
            .await
            .assert_refused(message, "invalidRoom")
            .await;
    }
}

#[tokio::test]
async fn a_room_name_that_is_too_long() {
    let message = json!({"type": "join", "room": "ü".repeat(65)});
    Scene::new()
        .await
        .assert_refused(message, "invalidRoom")
        .await;
}

#[tokio::test]
async fn a_room_name_with_control_characters() {
    for room in ["a\u{0}b", "a\nb", "\u{1b}[31m", "a\u{85}b"] {
        let message = json!({"type": "join", "room": room});
        Scene::new()
            .await
            .assert_refused(message, "invalidRoom")
            .await;
    }
}

#[tokio::test]
async fn a_room_name_longer_than_the_setting() {
    let server = Server::with(|limits| limits.max_room_chars = 14).await;
    let message = json!({"type": "join", "room": "fifteen chars.."});
    Scene::on(server)
        .await
        .assert_refused(message, "invalidRoom")
        .await;
}

#[tokio::test]
async fn a_name_that_would_harm() {
    for name in ["ü".repeat(41), "a\u{0}b".into(), "a\u{202e}b".into()] {
        let message = json!({"type": "join", "room": "a", "name": name});
        Scene::new()
            .await
            .assert_refused(message, "invalidName")
            .await;
    }
}

#[tokio::test]
async fn a_token_that_is_none() {
    for token in ["short", "0123456789012345678901234567890!"] {
        let message = json!({"type": "join", "room": "a", "token": token});
        Scene::new()
            .await
            .assert_refused(message, "invalidMessage")
            .await;
    }
}

#[tokio::test]
async fn a_seat_that_is_not_there() {
    let token = "0".repeat(32);
    let message = json!({"type": "resume", "token": token, "received": 0});
    Scene::new()
        .await
        .assert_refused(message, "cannotResume")
        .await;
}

#[tokio::test]
async fn a_message_over_a_smaller_limit() {
    let server = Server::with(|limits| limits.max_message_bytes = 2000).await;
    let message = json!({"type": "leave", "pad": "x".repeat(2000)});
    Scene::on(server)
        .await
        .assert_refused(message, "messageTooLarge")
        .await;
}
