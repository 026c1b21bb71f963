//! The code by which people find out whether somebody is in between.

use std::collections::BTreeSet;

use e2e::{Journey, Kind, Outcome, Page, Stage, ensure};
use serde_json::json;

use crate::call::{CHROME_FIREFOX, connected};
use crate::people::{Person, gather, mesh};

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::between(&[CHROME_FIREFOX], both_people_have_one_code),
        Journey::between(
            &[[Kind::Chrome, Kind::Firefox, Kind::Chrome]],
            in_a_mesh_each_two_people_have_a_code_of_their_own,
        ),
    ]
}

async fn both_people_have_one_code(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let [one, other] = connected(&stage, &server).await?;
    // Who does not ask is not shown it.
    one.expect_gone(".code").await?;
    for page in [&one, &other] {
        page.unfold(".verify").await?;
    }
    let code = code_with(&one, "You and Guest ").await?;
    ensure!(
        code.split(", ").count() == 7,
        "six names and digits: {code:?}"
    );
    expect_code(&other, "You and Guest ", &code).await?;
    for page in [&one, &other] {
        page.expect(".verify .negotiated", "DTLS 1.").await?;
        page.expect(".verify .negotiated", "SRTP_").await?;
    }

    // The next call has other certificates.
    other.press("Hang Up").await?;
    one.expect_gone(".verify").await?;
    other.press("Join").await?;
    let next = code_with(&one, "You and Guest ").await?;
    ensure!(next != code, "the same code for another connection: {code}");
    expect_code(&other, "You and Guest ", &next).await
}

async fn in_a_mesh_each_two_people_have_a_code_of_their_own(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let people = gather(&stage, &mesh(&server), 3).await?;
    for person in &people {
        person.unfold(".verify").await?;
    }
    let mut codes = BTreeSet::new();
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let [one, other]: [&Person; 2] = [&people[one], &people[other]];
        let code = code_with(one, &format!("You and {}", other.name)).await?;
        expect_code(other, &format!("You and {}", one.name), &code).await?;
        codes.insert(code);
    }
    ensure!(codes.len() == 3, "two pairs have one code: {codes:?}");
    Ok(())
}

/// The code under a heading that begins so, once it is there.
async fn code_with(page: &Page, heading: &str) -> Outcome<String> {
    page.expect_value(
        &format!("a code of: {heading}"),
        &format!("return !!{};", code(heading)),
        &json!(true),
    )
    .await?;
    page.evaluate(&format!("return {};", code(heading))).await
}

async fn expect_code(page: &Page, heading: &str, expected: &str) -> Outcome {
    page.expect_value(
        &format!("the code of: {heading}"),
        &format!("return {};", code(heading)),
        &json!(expected),
    )
    .await
}

fn code(heading: &str) -> String {
    format!(
        "[...document.querySelectorAll('.codes > li')]
            .find((entry) => entry.querySelector('.code-of').textContent.startsWith({heading:?}))
            ?.querySelector('.code')?.dataset.code"
    )
}
