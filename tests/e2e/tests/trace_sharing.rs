//! Both sides of a connection in one inspector, for those who agreed.

use e2e::{Journey, Kind, Outcome, Page, Stage, ensure};
use serde::Deserialize;
use serde_json::json;

use crate::call::{CHROME_FIREFOX, EVERY_PAIR};
use crate::chat::say;
use crate::people::{Person, gather, mesh};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(&EVERY_PAIR[..3], who_asks_and_is_told_yes_sees_both_sides),
        Journey::between(
            &[CHROME_FIREFOX],
            who_is_told_no_sees_one_side_and_hanging_up_ends_it,
        ),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox, Kind::Chrome]],
            in_a_mesh_each_is_asked_alone,
        ),
    ]
}

async fn two(stage: &Stage) -> Outcome<[Person; 2]> {
    let server = stage.server()?;
    let people = gather(stage, &format!("{}/call/kitchen", server.origin()), 2).await?;
    people.try_into().map_err(|_| "not two people".into())
}

async fn who_asks_and_is_told_yes_sees_both_sides(stage: Stage) -> Outcome {
    let [kim, robin] = two(&stage).await?;
    kim.press("Inspector").await?;
    kim.expect(".trace-sharing-bar", "Only this page’s side is shown.")
        .await?;
    expect_heads(&kim, &["this page", "signaling", "Robin"]).await?;
    press_as_it_comes(&robin, "Show").await?;
    press_twice(&kim, "Ask Robin to show both sides").await?;
    kim.expect(".trace-sharing-state", "Waiting for Robin’s answer.")
        .await?;
    let question = robin
        .expect(".trace-sharing", "Kim asks to see what your browser does")
        .await?;
    ensure!(question.contains("your addresses"), "{question:?}");
    expect_heads(&kim, &["this page", "signaling", "Robin"]).await?;

    robin
        .expect_value(
            "an early press",
            "return window.pressedAsItCame;",
            &json!(true),
        )
        .await?;
    // The inspector was closed all along for the one who is asked, and the early press was no yes.
    press_twice(&robin, "Show").await?;
    robin
        .expect(
            ".trace-sharing",
            "You and Kim see what both your browsers do",
        )
        .await?;
    kim.expect(
        ".trace-sharing-state",
        "Both sides; Robin’s page was opened",
    )
    .await?;
    expect_heads(&kim, &["this page", "signaling", "Robin’s page"]).await?;
    an_offer_is_set_there_before_its_answer_comes_here(&kim).await?;

    robin.press("Stop showing").await?;
    kim.expect(
        ".trace-sharing-state",
        "Robin has stopped showing both sides.",
    )
    .await?;
    kim.expect(".trace-sharing-bar", "Only this page’s side is shown.")
        .await?;
    expect_heads(&kim, &["this page", "signaling", "Robin"]).await?;
    for person in [&kim, &robin] {
        person.expect_gone(".trace-sharing-person").await?;
        person
            .expect_to_see(if person.name == "Kim" { "Robin" } else { "Kim" })
            .await?;
    }
    Ok(())
}

async fn who_is_told_no_sees_one_side_and_hanging_up_ends_it(stage: Stage) -> Outcome {
    let [kim, robin] = two(&stage).await?;
    kim.press("Inspector").await?;
    kim.press("Ask Robin to show both sides").await?;
    robin.press("No").await?;
    kim.expect(".trace-sharing-state", "Robin does not want to")
        .await?;
    robin.expect_gone(".trace-sharing-person").await?;
    expect_heads(&kim, &["this page", "signaling", "Robin"]).await?;

    // The other may want it after all, and both can be seen from there.
    robin.press("Inspector").await?;
    robin.press("Ask Kim to show both sides").await?;
    kim.expect(".trace-sharing-state", "Robin asks to show both sides.")
        .await?;
    press_twice(&kim, "Show").await?;
    for (person, other) in [(&kim, "Robin’s page"), (&robin, "Kim’s page")] {
        expect_heads(person, &["this page", "signaling", other]).await?;
        an_offer_is_set_there_before_its_answer_comes_here(person).await?;
    }

    // It lies on the button.
    robin.press("Close the inspector").await?;
    robin.press("Hang Up").await?;
    kim.expect_gone(".trace-sharing-person").await?;
    kim.expect_gone(".trace-sharing-bar li").await?;
    expect_heads(&kim, &["this page", "signaling", "Robin"]).await?;
    robin.press("Inspector").await?;
    expect_heads(&robin, &["this page", "signaling", "Kim"]).await
}

async fn in_a_mesh_each_is_asked_alone(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = gather(&stage, &mesh(&server), 3).await?;
    let [kim, robin, sam] = &people[..] else {
        return Err("not three people".into());
    };
    kim.press("Inspector").await?;
    kim.press("Ask Robin to show both sides").await?;
    robin.press("Show").await?;
    expect_heads(kim, &["this page", "signaling", "Robin’s page", "Sam"]).await?;
    // What Kim says to Sam arrives in its order, so a question would have come before this.
    say(kim, "Robin shows both sides").await?;
    sam.expect(".chat-log", "Robin shows both sides").await?;
    sam.expect_gone(".trace-sharing-person").await?;
    kim.press("Ask Sam to show both sides").await?;
    sam.press("Show").await?;
    expect_heads(
        kim,
        &["this page", "signaling", "Robin’s page", "Sam’s page"],
    )
    .await?;
    an_offer_is_set_there_before_its_answer_comes_here(kim).await?;
    // What is between those two stays between them.
    robin.press("Stop showing").await?;
    expect_heads(kim, &["this page", "signaling", "Robin", "Sam’s page"]).await?;
    sam.expect(".trace-sharing", "You and Kim see")
        .await
        .map(drop)
}

/// As one does whose hand trembles, or who is used to it: the second click of a double click meets the
/// same button, whatever it says by now.
async fn press_twice(page: &Page, button: &str) -> Outcome {
    page.expect_buttons(&[(button, true)]).await?;
    let button = page.button(button).await?;
    button.click().await?;
    // A driver would click where the button was; where it goes depends on its words and the window.
    let second =
        "arguments[0].dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 2 }));";
    page.session()
        .execute(second, vec![button.to_json()?])
        .await?;
    Ok(())
}

/// Whoever is about to press something else when a button comes there: the press is as old as the
/// button, however long it takes until it is heard.
async fn press_as_it_comes(page: &Page, button: &str) -> Outcome {
    let script = format!(
        "new MutationObserver((_, observer) => {{
             const button = __probe.button({button:?});
             if (!button) return;
             observer.disconnect();
             const press = new MouseEvent('click', {{ bubbles: true, detail: 1 }});
             setTimeout(() => {{
                 button.dispatchEvent(press);
                 window.pressedAsItCame = true;
             }});
         }}).observe(document.body, {{ childList: true, characterData: true, subtree: true }});"
    );
    page.session().execute(script, vec![]).await?;
    Ok(())
}

/// Waits for the names above the ladder's lines, in whatever order.
async fn expect_heads(page: &Page, heads: &[&str]) -> Outcome {
    let mut heads = heads.to_vec();
    heads.sort_unstable();
    page.expect_value(
        "the lines of the ladder",
        "return [...document.querySelectorAll('.ladder-heads span')].map(__probe.text).sort();",
        &json!(heads),
    )
    .await
}

#[derive(Debug, Deserialize)]
struct Row {
    id: u64,
    text: String,
}

/// Whoever offered: the offer went out, was set at the other end, and then its answer was set.
async fn an_offer_is_set_there_before_its_answer_comes_here(page: &Page) -> Outcome {
    let offers = rows(page, "offer").await?;
    let answers = rows(page, "answer").await?;
    page.write("Only entries that contain", "").await?;
    let first = |rows: &[Row], what: &str, here: bool| {
        let mut of_it = rows.iter().filter(|row| row.text.contains(what));
        let found = of_it.find(|row| row.text.ends_with("told by this page") == here);
        found.map(|row| row.id)
    };
    let of = |here: bool| {
        [
            first(&offers, "send offer", here),
            first(&offers, "setRemoteDescription offer", !here),
            first(&answers, "send answer", !here),
            first(&answers, "setRemoteDescription answer", here),
        ]
    };
    let is_whole = |ids: [Option<u64>; 4]| ids.iter().all(Option::is_some) && ids.is_sorted();
    ensure!(
        is_whole(of(true)) || is_whole(of(false)),
        "{:?} and {:?} of {offers:#?} {answers:#?}",
        of(true),
        of(false)
    );
    Ok(())
}

/// The rows with this word, once both sides have told of it.
async fn rows(page: &Page, word: &str) -> Outcome<Vec<Row>> {
    const ROWS: &str = "[...document.querySelectorAll('.ladder-row')].map((row) => (
        { id: Number(row.id.split('-')[1]), text: __probe.text(row.querySelector('.ladder-text')) }))";
    page.write("Only entries that contain", word).await?;
    page.expect_value(
        &format!("both sides tell of the {word}"),
        &format!(
            "const rows = {ROWS};
             const set = rows.filter(({{ text }}) => text.includes('setRemoteDescription {word}')
                 || text.includes('setLocalDescription {word}'));
             return new Set(set.map(({{ text }}) => text.split(', told by ')[1])).size > 1
                 && rows.every(({{ text }}) => text.includes('{word}'));"
        ),
        &json!(true),
    )
    .await?;
    page.evaluate(&format!("return {ROWS};")).await
}
