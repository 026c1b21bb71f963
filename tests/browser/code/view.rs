//! What readers see and press.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::components::CodeDialog;
use webrtc_tour::hooks::{CodeViewer, provide_code_viewer};
use webrtc_tour::pages::nat::NatPage;

use crate::support::{Mounted, mount, until};

/// The real files, as they were when this was compiled.
const NAT: &str = include_str!("../../../src/hooks/use_gathering.rs");
const MEDIA: &str = include_str!("../../../src/rtc/media.rs");

fn open(page: &Mounted) {
    page.get::<HtmlElement>(".code-story > summary").click();
}

fn code_of(page: &Mounted, name: &str) -> Option<String> {
    let code = page.find::<HtmlElement>(&format!("pre[aria-label='Code of {name}'] > code"))?;
    code.text_content()
}

#[wasm_bindgen_test]
async fn a_page_shows_the_code_that_runs_it() {
    let page = mount(NatPage).await;
    assert!(
        page.find::<HtmlElement>(".code").is_none(),
        "nobody asked for it"
    );
    open(&page);
    until("the code", || {
        code_of(&page, "GatheringHook::start").is_some()
    })
    .await;
    let code = code_of(&page, "GatheringHook::start").unwrap();
    assert!(code.starts_with("/// Begins anew, with these servers.\npub(crate) fn start("));
    let first = NAT
        .lines()
        .position(|line| line.trim() == "/// Begins anew, with these servers.")
        .unwrap()
        + 1;
    let last = first + code.lines().count() - 1;
    let place = format!("src/hooks/use_gathering.rs, lines {first}–{last}");
    assert!(page.text().contains(&place), "{place}");
}

#[wasm_bindgen_test]
async fn arrow_keys_change_the_language() {
    let page = mount(NatPage).await;
    open(&page);
    until("the tabs", || {
        page.find::<HtmlElement>("#code-rust").is_some()
    })
    .await;
    let is_hidden = |panel: &str| page.get::<HtmlElement>(panel).hidden();
    assert!(!is_hidden("#code-rust-panel") && is_hidden("#code-script-panel"));
    for (key, tab) in [
        ("ArrowRight", "code-script"),
        ("ArrowRight", "code-rust"),
        ("End", "code-script"),
    ] {
        let event = js_sys::eval(&format!(
            "new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }})"
        ));
        let event: web_sys::Event = event.unwrap().unchecked_into();
        page.get::<HtmlElement>("[role=tab][aria-selected=true]")
            .dispatch_event(&event)
            .unwrap();
        let selected = format!("#{tab}[aria-selected=true][tabindex='0']");
        until("the other tab", || {
            page.find::<HtmlElement>(&selected).is_some()
        })
        .await;
        assert_eq!(document().active_element().unwrap().id(), tab);
    }
    assert!(is_hidden("#code-rust-panel") && !is_hidden("#code-script-panel"));
    assert!(
        code_of(&page, "gather")
            .unwrap()
            .contains("export async function gather(")
    );
}

#[component]
fn Asking() -> impl IntoView {
    let viewer: CodeViewer = provide_code_viewer();
    view! {
        <h1>"Asking"</h1>
        <button on:click=move |_| viewer.show("src/rtc/media.rs", 7)>"Near the top"</button>
        <button on:click=move |_| viewer.show("src\\rtc\\media.rs", 200)>"Far below"</button>
        <button on:click=move |_| viewer.show("src/main.rs", 1)>"Not there"</button>
        <CodeDialog viewer />
    }
}

#[wasm_bindgen_test]
async fn a_file_is_shown_as_a_whole_at_its_line() {
    let page = mount(Asking).await;
    let dialog: web_sys::HtmlDialogElement = page.get("dialog");
    for (button, line) in [("Near the top", 7), ("Far below", 200)] {
        page.click(button).await;
        until("the line", || {
            page.find::<HtmlElement>("dialog .here").is_some()
        })
        .await;
        assert!(dialog.open());
        let code = page
            .get::<HtmlElement>("dialog code")
            .text_content()
            .unwrap();
        assert_eq!(code, MEDIA);
        let here = page.get::<HtmlElement>("dialog .here");
        assert_eq!(
            here.text_content().unwrap().trim_end(),
            MEDIA.lines().nth(line - 1).unwrap()
        );
        assert!(
            page.text()
                .contains(&format!("src/rtc/media.rs, line {line}"))
        );
        page.click("Close").await;
        until("it is closed", || !dialog.open()).await;
    }
    page.click("Not there").await;
    until("the answer", || page.text().contains("not among those")).await;
    dialog.unchecked_ref::<web_sys::HtmlDialogElement>().close();
    until("the page knows", || {
        !page.text().contains("not among those")
    })
    .await;
}
