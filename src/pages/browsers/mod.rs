//! The browser at hand, and what others have.

pub(crate) mod codecs;
pub(crate) mod table;

use leptos::prelude::*;

use crate::components::{CopyText, Page};
use crate::rtc::support::report;
use crate::support::Report;
use crate::text;
use codecs::CodecLists;
use table::FeatureTable;

#[component]
pub fn BrowsersPage() -> impl IntoView {
    // Nothing of it changes while the page is open.
    let report = report();
    let text = report.to_string();
    view! {
        <Page text=text::BROWSERS>
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">"This browser"</h2>
                <Summary report=report.clone() />
                <FeatureTable report=report.clone() />
            </section>
            <section class="demo" aria-labelledby="codecs-title">
                <h2 id="codecs-title">"Codecs"</h2>
                <CodecLists codecs=report.codecs />
            </section>
            <section class="demo" aria-labelledby="report-title">
                <h2 id="report-title">"All of it as text"</h2>
                <CopyText
                    id="report"
                    label="The report"
                    button="Copy the report"
                    text=Signal::stored(text)
                />
            </section>
        </Page>
    }
}

#[component]
fn Summary(report: Report) -> impl IntoView {
    let [present, prefixed, missing] =
        ["present", "prefixed", "missing"].map(|presence| report.count(presence));
    let secure = match report.secure_context {
        true => "a secure context",
        false => {
            "not a secure context, where browsers take away camera, microphone, screen and clipboard"
        }
    };
    let all = report.found.len();
    let found = match (prefixed, missing) {
        (0, 0) => format!("All {all} things the tour asks for are present."),
        (0, _) => {
            format!("Of {all} things the tour asks for, {present} are present; missing: {missing}.")
        }
        _ => format!(
            "Of {all} things the tour asks for, {present} are present; under an older name: {prefixed}; missing: {missing}."
        ),
    };
    view! {
        <p id="summary">{format!("{found} The page is in {secure}.")}</p>
        <p class="field-hint">{report.user_agent}</p>
    }
}
