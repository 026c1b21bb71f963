//! Where the page came from, and what it is allowed.

use leptos::prelude::*;

use crate::components::{StateBadge, TableScroll};
use crate::hooks::use_task;
use crate::rtc::media::is_secure_context;
use crate::rtc::permissions::Permission;

#[component]
pub(crate) fn ContextFacts() -> impl IntoView {
    let secure = match is_secure_context() {
        true => ("yes", "Camera, microphone and screen may be asked for."),
        false => (
            "no",
            "The browser gives this page neither camera nor microphone: open it over HTTPS or at localhost.",
        ),
    };
    let origin = window().location().origin().unwrap_or_default();
    view! {
        <section class="demo" aria-labelledby="context-title">
            <h2 id="context-title">"This page"</h2>
            <TableScroll label="Table of what holds for this page">
                <table class="facts" id="context">
                    <tbody>
                        <tr>
                            <th scope="row">"Origin"</th>
                            <td><code>{origin}</code></td>
                            <td>"Permissions are given to it, not to a page."</td>
                        </tr>
                        <tr data-fact="secure-context">
                            <th scope="row">"Secure context"</th>
                            <td>{secure.0}</td>
                            <td>{secure.1}</td>
                        </tr>
                        <PermissionRow name="camera" />
                        <PermissionRow name="microphone" />
                    </tbody>
                </table>
            </TableScroll>
        </section>
    }
}

/// Asks the browser, not the person; follows what the person decides meanwhile.
#[component]
fn PermissionRow(name: &'static str) -> impl IntoView {
    let state = RwSignal::new("…".to_owned());
    let held = StoredValue::new_local(None::<Permission>);
    let asking = use_task();
    asking.run(async move {
        match Permission::query(name).await {
            Ok(mut permission) => {
                permission.on_change(move |now| state.set(now));
                state.set(permission.state());
                held.set_value(Some(permission));
            }
            Err(_) => state.set("not told".to_owned()),
        }
    });
    let meaning = move || match state.get().as_str() {
        "granted" => "A page of this origin gets it without a question.",
        "denied" => {
            "The browser refuses it without a question, until you change that in its settings."
        }
        "prompt" => "The browser will ask you.",
        "not told" => "This browser tells it only when it is asked for the device itself.",
        _ => "",
    };
    view! {
        <tr data-fact=name>
            <th scope="row">{format!("Permission: {name}")}</th>
            <td>
                <StateBadge state=state />
            </td>
            <td>{meaning}</td>
        </tr>
    }
}
