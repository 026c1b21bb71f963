//! All that is known of one entry.

use leptos::prelude::*;

use crate::decimal::decimal;
use crate::hooks::use_code_viewer;
use crate::inspection::connections::numeral;
use crate::inspection::names::Names;
use crate::trace::{Entry, Payload};

#[component]
pub(crate) fn Detail(entry: Entry, names: Names, on_close: impl Fn() + 'static) -> impl IntoView {
    let about = match entry.payload.as_deref() {
        Some(Payload::Description { side, description }) => {
            format!("{} {} (SDP)", side.as_str(), description.kind.as_str())
        }
        Some(Payload::Candidate { side, .. }) => format!("{} candidate", side.as_str()),
        Some(Payload::Signal { .. }) => "message".to_owned(),
        _ => "value".to_owned(),
    };
    let payload = entry.payload.as_ref().map(|payload| payload.text());
    let connection = entry.connection.as_ref().map(|of| match &of.to {
        Some(to) => format!("{}, to {}", numeral(of.number), names.title(to)),
        None => numeral(of.number),
    });
    let line = format!("{} line {}", entry.source.file, entry.source.line);
    let source = match use_code_viewer() {
        Some(viewer) => {
            let source = entry.source.clone();
            let show = move |_| viewer.show(&source.file, source.line);
            view! {
                <button type="button" class="ladder-source" on:click=show>
                    {line}
                </button>
            }
            .into_any()
        }
        None => view! { <code class="ladder-source">{line}</code> }.into_any(),
    };
    let detail =
        (!entry.detail.is_empty()).then(|| names.in_text(&entry.detail.text()).into_owned());
    view! {
        <section class="ladder-detail" aria-label="The chosen entry" data-kind=entry.kind.as_str()>
            <header>
                <h3>{entry.name.to_string()}</h3>
                <button type="button" on:click=move |_| on_close()>
                    "Close"
                    <span class="visually-hidden">" the entry"</span>
                </button>
            </header>
            <dl>
                <dt>"What"</dt>
                <dd>{entry.kind.as_str()} {detail.map(|detail| format!(": {detail}"))}</dd>
                <dt>"When"</dt>
                <dd>{format!("{} s", decimal(entry.at_ms / 1000.0, 3))}</dd>
                <dt>"Where"</dt>
                <dd>{names.title(&entry.peer)}</dd>
                {connection
                    .map(|connection| {
                        view! {
                            <dt>"Connection"</dt>
                            <dd>{connection}</dd>
                        }
                    })}
                <dt>"By"</dt>
                <dd>{source}</dd>
            </dl>
            {payload
                .map(|payload| {
                    view! {
                        <pre tabindex="0" aria-label=format!("The {about}")>
                            <code>{payload}</code>
                        </pre>
                    }
                })}
        </section>
    }
}
