//! Whether everybody can use what people open on the pages: the inspector and its recordings, the
//! code, the demos while they run.

use e2e::{Journey, Outcome, Page, Stage, ensure};
use serde_json::{Value, json};
use thirtyfour::{By, Key};

use crate::accessibility::Examination;

pub(crate) fn all() -> Vec<Journey> {
    vec![
        Journey::new(the_inspector_passes_axe),
        Journey::new(a_replayed_recording_passes_axe),
        Journey::new(the_code_passes_axe),
        Journey::new(demos_that_ran_pass_axe),
        Journey::new(what_closes_gives_the_focus_back),
    ]
}

/// The page with two peers, connected, and the opened inspector.
async fn inspected(stage: &Stage) -> Outcome<Page> {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/peer-connection", server.origin()))
        .await?;
    page.press("Start").await?;
    page.expect_moving("localVideo").await?;
    page.press("Call").await?;
    page.expect_moving("remoteVideo").await?;
    page.press("Inspector").await?;
    page.expect(".ladder-row", "").await?;
    Ok(page)
}

async fn the_inspector_passes_axe(stage: Stage) -> Outcome {
    let page = inspected(&stage).await?;
    let mut examination = Examination::new(&stage)?;
    examination
        .examine(&page, "/peer-connection in a call", "html")
        .await?;

    choose_entry(&page, "setRemoteDescription").await?;
    page.expect(".ladder-detail pre", "m=video").await?;
    examination.examine(&page, "ladder", "#inspector").await?;

    page.press("SDP").await?;
    page.press("The other side").await?;
    page.expect(".sdp-words", "Compared with").await?;
    page.unfold(".sdp-paste").await?;
    page.write("An offer or an answer, as text or as JSON", "v=1")
        .await?;
    page.press("Explain").await?;
    page.expect(".sdp-paste .notice, .sdp-paste .field-error", "")
        .await?;
    examination.examine(&page, "SDP", "#inspector").await?;

    page.press("Candidates").await?;
    page.expect(".pair-table", "selected").await?;
    examination
        .examine(&page, "candidates", "#inspector")
        .await?;

    page.press("States").await?;
    page.expect(".machine-path", "connected").await?;
    examination.examine(&page, "states", "#inspector").await?;

    page.press("Statistics").await?;
    page.expect(".chart .chart-value", "bit/s").await?;
    // Of what is scrolled out of sight, nobody can tell the contrast.
    examination.examine(&page, "charts", "#inspector").await?;
    page.unfold(".raw-report .disclosure").await?;
    page.expect(".raw-rows td", "").await?;
    page.write("Search in types, names and values", "outbound-rtp")
        .await?;
    page.expect(".raw-rows [role=status]", "members").await?;
    examination
        .examine(&page, "raw statistics", "#inspector")
        .await?;

    page.press("Export").await?;
    page.switch("Keep addresses and fingerprints", true).await?;
    examination.examine(&page, "export", "#inspector").await?;
    examination.finish()
}

/// Leaves only the entries in the ladder that tell this, and clicks the first.
async fn choose_entry(page: &Page, text: &str) -> Outcome {
    page.write("Only entries that contain", text).await?;
    page.expect(".ladder-count", " of ").await?;
    let row = format!("//*[@role='option'][contains(., '{text}')]");
    page.session().find(By::XPath(row)).await?.click().await?;
    Ok(())
}

async fn a_replayed_recording_passes_axe(stage: Stage) -> Outcome {
    let page = inspected(&stage).await?;
    let mut examination = Examination::new(&stage)?;
    page.press("Statistics").await?;
    page.expect(".chart .chart-value", "bit/s").await?;
    page.press("Export").await?;
    // The file is kept in the page: where browsers save it is not the page's.
    let _: () = page
        .evaluate(
            "const make = URL.createObjectURL;
             URL.createObjectURL = (blob) => { window.__recording = blob; return make.call(URL, blob); };
             HTMLAnchorElement.prototype.click = () => {};",
        )
        .await?;
    page.press("Download JSON").await?;
    page.expect(".inspector-export [role=status]", "samples")
        .await?;
    page.follow("open a recording").await?;
    page.expect("h1", "Replay").await?;

    open_file(&page, "new Blob(['{}'])").await?;
    page.expect("[role=alert]", "").await?;
    examination
        .examine(&page, "/replay with a file of no use", "html")
        .await?;
    open_file(&page, "window.__recording").await?;
    page.expect(".replay-player", "samples of statistics")
        .await?;
    page.expect_gone("[role=alert]").await?;
    for (tab, there, text) in [
        ("Ladder", ".ladder-row", ""),
        ("SDP", ".sdp-line", "m=video"),
        ("Candidates", ".pair-table", "selected"),
        ("States", ".machine-path", "connected"),
        ("Statistics", ".chart .chart-value", "bit/s"),
    ] {
        page.press(tab).await?;
        page.expect(there, text).await?;
        let name = format!("/replay, {tab}");
        examination.examine(&page, &name, "main").await?;
    }
    examination.finish()
}

/// Gives the page the file that a script makes.
async fn open_file(page: &Page, blob: &str) -> Outcome {
    page.evaluate(&format!(
        "const given = new DataTransfer();
         given.items.add(new File([{blob}], 'recording.json', {{ type: 'application/json' }}));
         const input = document.getElementById('replay-file');
         input.files = given.files;
         input.dispatchEvent(new Event('change', {{ bubbles: true }}));"
    ))
    .await
}

async fn the_code_passes_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    page.open(&format!("{}/media-stream", server.origin()))
        .await?;
    let mut examination = Examination::new(&stage)?;
    page.unfold(".code-story").await?;
    page.expect(".code-steps .code", "").await?;
    examination.examine(&page, "Rust", ".code-section").await?;
    page.press("JavaScript").await?;
    page.expect("#code-script-panel:not([hidden]) .code", "")
        .await?;
    examination
        .examine(&page, "JavaScript", ".code-section")
        .await?;
    page.press("Rust").await?;
    page.press("Whole file").await?;
    page.expect(".code-dialog .here", "").await?;
    examination
        .examine(&page, "a whole file", ".code-dialog")
        .await?;
    examination.finish()
}

async fn demos_that_ran_pass_axe(stage: Stage) -> Outcome {
    let server = stage.server()?;
    let page = stage.page().await?;
    let mut examination = Examination::new(&stage)?;
    let at = |path: &str| format!("{}{path}", server.origin());

    page.open(&at("/security")).await?;
    page.switch("Attack", true).await?;
    page.press("Connect Alice and Bob").await?;
    page.expect("#verdict", "different codes").await?;
    page.press("Send to Bob").await?;
    page.expect(".heard", "Alice here").await?;
    examination
        .examine(&page, "/security under attack", ".demo")
        .await?;

    page.open(&at("/nat")).await?;
    page.press("Gather candidates").await?;
    page.expect("#gathering-state", "Gathering is complete")
        .await?;
    examination
        .examine(&page, "/nat after gathering", ".demo")
        .await?;

    page.open(&at("/data-channel")).await?;
    page.unfold("#channel-options").await?;
    page.press("Start").await?;
    page.expect("#channel-status", "The channel is open")
        .await?;
    page.write("Send from localPeer", "Grüße").await?;
    page.press("Send").await?;
    page.expect("#last-received", "Grüße").await?;
    page.press("Measure throughput").await?;
    page.expect("#throughput-result", "MiB/s").await?;
    page.write("Number of bytes", "4000000000").await?;
    page.press("Send bytes").await?;
    page.expect("[role=alert]", "at most").await?;
    examination
        .examine(&page, "/data-channel after messages", ".demo")
        .await?;

    page.open(&at("/browsers")).await?;
    page.expect(".features", "").await?;
    page.expect(".codecs", "").await?;
    examination
        .examine(&page, "/browsers with all tables", ".demo")
        .await?;
    examination.finish()
}

/// Whoever uses the keyboard goes on where it was opened.
async fn what_closes_gives_the_focus_back(stage: Stage) -> Outcome {
    let page = inspected(&stage).await?;
    expect_focus(&page, "Inspector").await?;
    type_keys(&page, &[Key::Escape]).await?;
    page.expect_gone("#inspector").await?;
    expect_focus(&page, "Inspector").await?;
    type_keys(&page, &[Key::Enter]).await?;
    page.expect(".ladder-row", "").await?;

    // Over the handle and the button to close, to the tabs; then filters and entries.
    type_keys(&page, &[Key::Tab, Key::Tab, Key::Tab]).await?;
    expect_focus(&page, "Ladder").await?;
    focus(&page, ".ladder-rows").await?;
    type_keys(&page, &[Key::Home, Key::Enter]).await?;
    page.expect(".ladder-detail", "").await?;
    focus(&page, ".ladder-source").await?;
    type_keys(&page, &[Key::Enter]).await?;
    page.expect(".code-dialog[open] .here", "").await?;
    type_keys(&page, &[Key::Escape]).await?;
    page.expect_gone(".code-dialog[open]").await?;
    expect_focused(&page, ".ladder-source").await?;
    focus(&page, ".ladder-detail header button").await?;
    type_keys(&page, &[Key::Enter]).await?;
    page.expect_gone(".ladder-detail").await?;
    expect_focused(&page, ".ladder-rows").await?;

    // Escape is no way to lose what was pasted.
    page.press("SDP").await?;
    page.unfold(".sdp-paste").await?;
    page.write("An offer or an answer, as text or as JSON", "v=0")
        .await?;
    type_keys(&page, &[Key::Escape]).await?;
    expect_focused(&page, ".sdp-paste textarea").await?;

    page.press("Close the inspector").await?;
    page.expect_gone("#inspector").await?;
    expect_focus(&page, "Inspector").await
}

async fn type_keys(page: &Page, keys: &[Key]) -> Outcome {
    let mut actions = page.session().action_chain();
    for key in keys {
        actions = actions.send_keys(key.clone());
    }
    actions.perform().await?;
    Ok(())
}

async fn focus(page: &Page, css: &str) -> Outcome {
    let focused: bool = page
        .evaluate(&format!(
            "const element = document.querySelector({css:?});
             element.focus();
             return document.activeElement === element;"
        ))
        .await?;
    ensure!(focused, "{css} takes no focus");
    Ok(())
}

/// Waits until what has the focus has this text.
async fn expect_focus(page: &Page, text: &str) -> Outcome {
    let focused = "return __probe.text(document.activeElement);";
    page.expect_value("the focus", focused, &json!(text)).await
}

async fn expect_focused(page: &Page, css: &str) -> Outcome {
    let focused = format!("return document.activeElement.matches({css:?});");
    page.expect_value(&format!("the focus on {css}"), &focused, &Value::Bool(true))
        .await
}
