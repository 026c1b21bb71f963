//! The file that is exported, and the page that replays it.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::pages::replay::ReplayPage;
use webrtc_tour::recording::Recording;

use crate::inspector::scene::{Look, connected, filter, set_input};
use crate::support::{Mounted, mount, until};

/// Keeps what is downloaded.
fn catch_downloads() {
    js_sys::eval(
        "if (!window.caught) {
            window.caught = [];
            const make = URL.createObjectURL.bind(URL);
            URL.createObjectURL = (blob) => { window.caught.push(blob); return make(blob); };
            HTMLAnchorElement.prototype.click = function () {};
        } else { window.caught.length = 0; }",
    )
    .unwrap();
}

async fn caught() -> String {
    let text: js_sys::Promise = js_sys::eval("window.caught.at(-1).text()")
        .unwrap()
        .unchecked_into();
    JsFuture::from(text).await.unwrap().as_string().unwrap()
}

pub(crate) fn open_file(page: &Mounted, text: &str) {
    let give = js_sys::Function::new_with_args(
        "input, text",
        "const given = new DataTransfer();
         given.items.add(new File([text], 'test.json', { type: 'application/json' }));
         input.files = given.files;
         input.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    let input: HtmlElement = page.get("#replay-file");
    give.call2(&JsValue::NULL, &input, &JsValue::from_str(text))
        .unwrap();
}

#[wasm_bindgen_test]
async fn what_is_exported_is_replayed_step_by_step() {
    catch_downloads();
    let page = connected().await;
    // Closed connections report nothing more.
    page.click("Stop").await;
    filter(&page, "Description");
    let rows = || page.texts(".ladder-row .ladder-text");
    until("both descriptions of both ends", || rows().len() == 6).await;
    let shown = rows();
    page.tab("Export").await;
    page.click("Download JSON").await;
    let json = caught().await;
    let redacted = Recording::from_json(&json).unwrap();
    assert!(redacted.is_redacted());
    page.switch("Keep addresses and fingerprints");
    page.click("Download JSON").await;
    let json = caught().await;
    let whole = Recording::from_json(&json).unwrap();
    assert!(!whole.is_redacted());
    assert_eq!(whole.entries().len(), redacted.entries().len());
    let fingerprint = json
        .split("sha-256 ")
        .nth(1)
        .unwrap()
        .split('\\')
        .next()
        .unwrap();
    assert_eq!(fingerprint.len(), 95);
    assert!(!redacted.to_file().json.contains(fingerprint));
    // What each of both descriptions tells of who wrote it.
    for (before, end) in [("ice-ufrag:", "\\"), ("ice-pwd:", "\\"), ("no=- ", " ")] {
        for told in json.split(before).skip(1) {
            let told = told.split(end).next().unwrap();
            assert!(!redacted.to_file().json.contains(told), "{before}{told}");
        }
    }
    drop(page);

    let page = mount(ReplayPage).await;
    open_file(&page, "{}");
    until("it is refused", || {
        page.text().contains("no recording of WebRTC Tour")
    })
    .await;
    open_file(&page, &json);
    until("it is open", || page.has(".ladder")).await;
    assert!(!page.text().contains("no recording of WebRTC Tour"));
    assert!(!page.texts("[role=tab]").contains(&"Export".to_owned()));
    filter(&page, "Description");
    until("the same ladder", || {
        page.texts(".ladder-row .ladder-text") == shown
    })
    .await;
    // Back to before anything happened, and one on.
    set_input(&page, "#replay-step", "0");
    until("nothing has happened", || {
        page.texts(".ladder-row").is_empty()
    })
    .await;
    assert!(!page.is_enabled("Previous"));
    page.click("Next").await;
    filter(&page, "");
    until("one thing happened", || {
        page.texts(".ladder-row").len() == 1
    })
    .await;
    page.tab("States").await;
    until("its states", || {
        page.texts("#machine-signalingState .machine-now") == ["stable"]
    })
    .await;
    page.click("Play").await;
    until("it plays to the end", || {
        page.texts("#machine-connectionState .machine-now") == ["closed"]
    })
    .await;
}

#[wasm_bindgen_test]
async fn what_was_measured_after_the_last_event_is_replayed() {
    catch_downloads();
    let page = connected().await;
    page.tab("Statistics").await;
    until("two samples make a line", || page.has(".chart path[d]")).await;
    page.tab("Export").await;
    page.click("Download JSON").await;
    let json = caught().await;
    assert!(Recording::from_json(&json).unwrap().samples().len() >= 2);
    drop(page);

    let page = mount(ReplayPage).await;
    open_file(&page, &json);
    until("the views", || page.has("#inspector-tab-statistics")).await;
    page.tab("Statistics").await;
    until("the same charts", || page.has(".chart path[d]")).await;
    page.tab("Candidates").await;
    until("the selected pair", || page.has("tr[data-selected=true]")).await;
}
