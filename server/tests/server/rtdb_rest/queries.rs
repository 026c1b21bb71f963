//! Parts of what is there: names only, or what a query chooses.

use serde_json::json;

use crate::common::rtdb::Rtdb;

/// Retrieving, "shallow": names only, but plain values as they are.
#[tokio::test]
async fn shallow_answers_have_names_only() {
    let rtdb = Rtdb::start().await;
    rtdb.put(
        "/message.json",
        json!({"user": {"name": "Chris"}, "body": "Hello!"}),
    )
    .await;
    let shallow = rtdb.get("/message.json?shallow=true").await;
    assert_eq!(shallow, json!({"user": true, "body": true}));
    assert_eq!(rtdb.get("/message/body.json?shallow=true").await, "Hello!");
    let mixed = "/message.json?shallow=true&orderBy=%22$key%22";
    assert!(
        rtdb.ask("GET", mixed, &[], "")
            .await
            .error(400)
            .contains("shallow")
    );
}

async fn dinosaurs() -> Rtdb {
    let rtdb = Rtdb::start().await;
    let dinosaurs = json!({
        "bruhathkayosaurus": {"height": 25, "dimensions": {"height": 25}},
        "lambeosaurus": {"height": 2.1, "dimensions": {"height": 2.1}},
        "linhenykus": {"height": 0.6, "dimensions": {"height": 0.6}},
        "pterodactyl": {"height": 0.6, "dimensions": {"height": 0.6}},
        "stegosaurus": {"height": 4, "dimensions": {"height": 4}},
        "triceratops": {"height": 3, "dimensions": {"height": 3}},
    });
    rtdb.put("/dinosaurs.json", dinosaurs).await;
    let scores = json!({
        "bruhathkayosaurus": 55, "lambeosaurus": 21, "linhenykus": 80, "pterodactyl": 93,
        "stegosaurus": 5, "triceratops": 22,
    });
    rtdb.put("/scores.json", scores).await;
    rtdb
}

/// Retrieving, "Filtering Data" and "Complex filtering": the sections' examples.
#[tokio::test]
async fn queries_find_what_the_documentation_says() {
    let rtdb = dinosaurs().await;
    for (target, expected) in [
        (
            r#"/dinosaurs.json?orderBy="height"&startAt=3"#,
            &["bruhathkayosaurus", "stegosaurus", "triceratops"][..],
        ),
        (
            r#"/dinosaurs.json?orderBy="dimensions/height"&startAt=3&limitToFirst=1"#,
            &["triceratops"],
        ),
        (
            r#"/dinosaurs.json?orderBy="$key"&startAt="a"&endAt="m""#,
            &["bruhathkayosaurus", "lambeosaurus", "linhenykus"],
        ),
        (
            r#"/dinosaurs.json?orderBy="$key"&startAt="b"&endAt="b\uf8ff""#,
            &["bruhathkayosaurus"],
        ),
        (
            r#"/dinosaurs.json?orderBy="height"&equalTo=0.6"#,
            &["linhenykus", "pterodactyl"],
        ),
        (
            r#"/dinosaurs.json?orderBy="height"&equalTo=0.6&limitToLast=1"#,
            &["pterodactyl"],
        ),
        (
            r#"/dinosaurs.json?orderBy="$key"&limitToLast=2"#,
            &["stegosaurus", "triceratops"],
        ),
        (
            r#"/dinosaurs.json?orderBy="height"&limitToFirst=2"#,
            &["linhenykus", "pterodactyl"],
        ),
        (r#"/dinosaurs.json?orderBy="weight"&startAt=1"#, &[]),
        (
            r#"/scores.json?orderBy="$value"&limitToLast=2"#,
            &["linhenykus", "pterodactyl"],
        ),
        (
            r#"/scores.json?orderBy="$value"&startAt=50&endAt=80"#,
            &["bruhathkayosaurus", "linhenykus"],
        ),
        (
            r#"/scores.json?orderBy="$priority"&limitToFirst=1"#,
            &["bruhathkayosaurus"],
        ),
        (r#"/scores/stegosaurus.json?orderBy="$key""#, &[]),
    ] {
        let found = rtdb
            .get(&target.replace('"', "%22").replace('\\', "%5C"))
            .await;
        let found: Vec<_> = found
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(found, expected, "{target}");
    }
}

#[tokio::test]
async fn queries_that_make_no_sense_are_told_why() {
    let rtdb = dinosaurs().await;
    for (query, expected) in [
        (
            "limitToFirst=1",
            "orderBy must be defined when other query parameters are defined",
        ),
        (
            "orderBy=height",
            "orderBy must be a valid JSON encoded path",
        ),
        (
            "orderBy=%22a.b%22",
            "orderBy must be a valid JSON encoded path",
        ),
        (
            "orderBy=%22height%22&startAt=a",
            "Constraint index field must be a JSON primitive",
        ),
        (
            "orderBy=%22height%22&limitToFirst=a",
            "limitToFirst must be a positive integer",
        ),
        ("orderBy=%22height%22&orderBy=%22a%22", "cannot be read"),
    ] {
        let refused = rtdb
            .ask("GET", &format!("/dinosaurs.json?{query}"), &[], "")
            .await;
        let error = refused.error(400);
        assert!(error.contains(expected), "{query}: {error}");
    }
}
