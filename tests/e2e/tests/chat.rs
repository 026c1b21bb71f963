//! What people write to each other, and the keys that do something while they do not write.

use e2e::{Journey, Kind, Outcome, Page, Proxy, Stage, ensure, until};
use serde_json::json;
use thirtyfour::Key;

use crate::people::{Person, allow_lost_connections, arrive, gather, join, mesh, mesh_through};

pub(crate) fn all() -> Vec<Journey> {
    let three = [[Kind::Chrome, Kind::Firefox, Kind::Chrome]];
    vec![
        Journey::between(&three, three_people_read_what_each_of_them_writes),
        Journey::between(&three, a_cut_loses_no_line_and_repeats_none),
        Journey::new(keys_work_unless_somebody_writes),
    ]
}

/// Writes a line and sends it.
pub(crate) async fn say(page: &Page, text: &str) -> Outcome {
    let field = page.field("Message").await?;
    field.send_keys(text.to_owned() + Key::Enter).await?;
    Ok(())
}

/// Waits until the chat has these lines of this author, in this order, and no others of this one.
pub(crate) async fn expect_lines_of(page: &Page, author: &str, lines: &[&str]) -> Outcome {
    page.expect_value(
        &format!("of {author} in the chat of {}: {lines:?}", page.kind()),
        &format!(
            "return [...document.querySelectorAll('.chat-line')]
                 .filter((e) => __probe.text(e.querySelector('.chat-author')) === {author:?})
                 .map((e) => __probe.text(e.querySelector('.chat-text')));"
        ),
        &json!(lines),
    )
    .await
}

async fn three_people_read_what_each_of_them_writes(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let mut newcomers = arrive(&stage, &mesh(&server), 3).await?;
    let sam = newcomers.remove(2);
    let mut people = Vec::new();
    for newcomer in newcomers {
        join(&mut people, newcomer).await?;
    }
    say(&people[0], "Nobody but Robin reads this").await?;
    expect_lines_of(&people[1], "Kim", &["Nobody but Robin reads this"]).await?;

    join(&mut people, sam).await?;
    let [kim, robin, sam] = &people[..] else {
        return Err("three came".into());
    };
    // Each writes at once, whatever the others do.
    for number in 1..=3 {
        for person in &people {
            say(person, &format!("{} {number}", person.name)).await?;
        }
    }
    for reader in [kim, robin] {
        let mut lines = vec!["Kim 1", "Kim 2", "Kim 3"];
        lines.insert(0, "Nobody but Robin reads this");
        expect_lines_of(reader, author(kim, reader), &lines).await?;
    }
    expect_lines_of(sam, "Kim", &["Kim 1", "Kim 2", "Kim 3"]).await?;
    for reader in &people {
        expect_lines_of(
            reader,
            author(robin, reader),
            &["Robin 1", "Robin 2", "Robin 3"],
        )
        .await?;
        expect_lines_of(reader, author(sam, reader), &["Sam 1", "Sam 2", "Sam 3"]).await?;
    }
    sam.expect(".chat-before", "before you joined").await?;
    kim.expect_gone(".chat-before").await?;

    let text = "<b>See</b> https://www.w3.org/TR/webrtc/, all of it.";
    say(robin, text).await?;
    for reader in [kim, sam] {
        reader.expect(".chat-log", text).await?;
        let links: Vec<[String; 3]> = reader
            .evaluate(
                "return [...document.querySelectorAll('.chat-log b, .chat-log a')]
                     .map((e) => [e.href, e.target, e.rel]);",
            )
            .await?;
        let expected = [
            "https://www.w3.org/TR/webrtc/",
            "_blank",
            "noopener noreferrer",
        ];
        ensure!(
            links == [expected.map(str::to_owned)],
            "one link, and nothing bold: {links:?}"
        );
    }
    Ok(())
}

/// What the chat of `reader` calls the author.
fn author(author: &Person, reader: &Person) -> &'static str {
    if author.name == reader.name {
        "You"
    } else {
        author.name
    }
}

async fn a_cut_loses_no_line_and_repeats_none(stage: Stage) -> Outcome {
    allow_lost_connections(&stage);
    let server = stage.server()?;
    let proxy = Proxy::start(&server).await?;
    let people = gather(&stage, &mesh_through(&server, &proxy), 3).await?;
    let lines = ["before", "during", "still during", "after"];
    let all_say = async |line: &str| -> Outcome {
        for person in &people {
            say(person, line).await?;
        }
        Ok(())
    };
    let expect_first = async |count: usize| -> Outcome {
        for reader in &people {
            for writer in &people {
                expect_lines_of(reader, author(writer, reader), &lines[..count]).await?;
            }
        }
        Ok(())
    };
    all_say(lines[0]).await?;
    proxy.cut();
    for person in &people {
        person.expect_status("is lost").await?;
    }
    all_say(lines[1]).await?;
    all_say(lines[2]).await?;
    // What people write does not go through the server, either.
    expect_first(3).await?;
    proxy.restore();
    for person in &people {
        person.expect_status("You are connected to all").await?;
    }
    all_say(lines[3]).await?;
    expect_first(4).await
}

async fn keys_work_unless_somebody_writes(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let kim = Person::arrive(&stage, 0, &mesh(&server)).await?;
    kim.press("Join").await?;
    kim.expect_status("The room is yours").await?;
    let named = |mute, camera| [(mute, true), (camera, true)];
    kim.expect_buttons(&named("Mute", "Camera off")).await?;
    press_keys(&kim, "m").await?;
    kim.expect_buttons(&named("Unmute", "Camera off")).await?;
    press_keys(&kim, "v").await?;
    kim.expect_buttons(&named("Unmute", "Camera on")).await?;
    press_keys(&kim, "c").await?;
    kim.expect_value(
        "the cursor in the box for messages",
        "return document.activeElement.id;",
        &json!("chat-message"),
    )
    .await?;

    // Whoever writes means letters.
    press_keys(&kim, "mvc?").await?;
    until("the letters in the message", async || {
        let text = kim.value("Message").await?;
        Ok(if text == "mvc?" { Ok(()) } else { Err(text) })
    })
    .await?;
    kim.expect_buttons(&named("Unmute", "Camera on")).await?;
    kim.expect_gone("dialog.keys[open]").await?;

    kim.field("Message").await?.send_keys(Key::Tab + "").await?;
    press_keys(&kim, "?").await?;
    kim.expect("dialog.keys[open]", "Mute or unmute").await?;
    kim.press("Close").await?;
    kim.expect_gone("dialog.keys[open]").await?;
    press_keys(&kim, "mv").await?;
    kim.expect_buttons(&named("Mute", "Camera off")).await
}

/// To whatever has the focus.
async fn press_keys(page: &Page, keys: &str) -> Outcome {
    page.session()
        .action_chain()
        .send_keys(keys)
        .perform()
        .await?;
    Ok(())
}
