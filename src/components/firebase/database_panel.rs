//! What is in the database, as it changes.

use leptos::prelude::*;
use signaling_protocol::PeerId;

use crate::components::meeting::people::display_name;
use crate::components::{Switch, TableHead, TableScroll};
use crate::hooks::{CallHook, FirebaseHook};
use crate::signaling::firebase::watch::{Content, DatabaseView, MessageKey, MessageRow, Stage};

/// The room's part of the database, as far as this participant may read it.
#[component]
pub fn DatabasePanel(call: CallHook) -> impl IntoView {
    let firebase = call.firebase;
    let now = firebase.use_clock();
    let view = firebase.view;
    let me = move || view.with(|view| view.me().to_owned());
    view! {
        <section class="demo database" aria-labelledby="database-title">
            <h2 id="database-title">"What is in the database"</h2>
            <p>
                "The subtree of your room, as far as the rules let you read it. Each message appears, is read and vanishes, mostly within the blink of an eye; what went stays here for three seconds, crossed out."
            </p>
            <div>
                <Switch label="Keep messages" on=firebase.keep />
                <p class="field-hint" id="keep-hint">
                    "Messages to you then stay in the database after you have read them, so that you can look at them. Switched off, they are removed."
                </p>
            </div>
            <Show
                when=move || view.with(|view| !view.room().is_empty())
                fallback=|| {
                    view! {
                        <p class="empty" id="database-empty">
                            "Nothing yet. Press Join: then your entry appears among the participants."
                        </p>
                    }
                }
            >
                <p class="database-path">
                    <code>{move || view.with(|view| view.room().to_owned())}</code>
                </p>
                <Participants firebase now />
                <Messages
                    id="inbox"
                    title="Your inbox"
                    path=Signal::derive(move || format!("messages/{}/", me()))
                    rows=Signal::derive(move || view.with(|v| v.inbox().cloned().collect()))
                    firebase
                    now
                />
                <Messages
                    id="sent"
                    title="Sent by you, until it is read"
                    path=Signal::derive(move || format!("messages/…/{}/", me()))
                    rows=Signal::derive(move || view.with(|v| v.sent().cloned().collect()))
                    firebase
                    now
                />
            </Show>
        </section>
    }
}

#[component]
fn Participants(firebase: FirebaseHook, now: RwSignal<f64>) -> impl IntoView {
    let rows = move || {
        firebase
            .view
            .with(|view| view.participants().cloned().collect::<Vec<_>>())
    };
    // The database's clock is not ours: how far the newest entry lags shows who is still there.
    let newest = move || {
        rows()
            .iter()
            .map(|row| row.entry.seen_at)
            .max()
            .unwrap_or_default()
    };
    view! {
        <h3 id="participants-title">
            "Participants " <code>"participants/"</code>
        </h3>
        <TableScroll labelled_by="participants-title">
            <table id="participants">
                <TableHead columns=&["Name", "Key", "Heartbeat"] />
                <tbody>
                    {move || {
                        now.track();
                        let newest = newest();
                        rows()
                            .into_iter()
                            .map(|row| {
                                let is_gone = matches!(row.stage, Stage::Gone { .. });
                                let behind = newest.saturating_sub(row.entry.seen_at) / 1000;
                                view! {
                                    <tr class:is-gone=is_gone>
                                        <td>{firebase.view.with_untracked(|view| name(view, &row.uid))}</td>
                                        <td>
                                            <code>{row.uid}</code>
                                        </td>
                                        <td>{heartbeat(is_gone, behind)}</td>
                                    </tr>
                                }
                            })
                            .collect_view()
                    }}
                </tbody>
            </table>
        </TableScroll>
    }
}

#[component]
fn Messages(
    id: &'static str,
    title: &'static str,
    path: Signal<String>,
    rows: Signal<Vec<MessageRow>>,
    firebase: FirebaseHook,
    now: RwSignal<f64>,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let ends_of = move |key: MessageKey| move || firebase.view.with(|view| ends(view, &key));
    view! {
        <h3 id=title_id.clone()>{title} " " <code>{path}</code></h3>
        <TableScroll labelled_by=title_id>
            <table class="messages" id=id>
                <TableHead columns=&["From → to", "Type", "State", "Age", "Content"] />
                <tbody>
                    <For
                        each=move || rows.get()
                        key=|row| (row.key.clone(), state(row.stage), row.content.clone())
                        let(row)
                    >
                        <tr class:is-gone=matches!(row.stage, Stage::Gone { .. })>
                            // Names may be known later than messages.
                            <td>{ends_of(row.key.clone())}</td>
                            <td>{row.content.kind}</td>
                            <td>{state(row.stage)}</td>
                            <td>{move || age(now.get() - row.seen_at)}</td>
                            <td>
                                <Text content=row.content.clone() />
                            </td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </TableScroll>
        <Show when=move || rows.with(Vec::is_empty)>
            <p class="empty">"Nothing is there now."</p>
        </Show>
    }
}

#[component]
fn Text(content: Content) -> impl IntoView {
    match content.whole {
        None => view! { <code>{content.summary}</code> }.into_any(),
        Some(whole) => view! {
            <details>
                <summary>
                    <code>{content.summary}</code>
                </summary>
                <pre>{whole}</pre>
            </details>
        }
        .into_any(),
    }
}

fn state(stage: Stage) -> &'static str {
    match stage {
        Stage::There => "there",
        Stage::Read => "read",
        Stage::Gone { .. } => "gone",
    }
}

fn ends(view: &DatabaseView, key: &MessageKey) -> String {
    format!("{} → {}", name(view, &key.from), name(view, &key.to))
}

/// What a participant is called, also after it has gone.
fn name(view: &DatabaseView, uid: &str) -> String {
    if uid == view.me() {
        return "you".to_owned();
    }
    let row = view.participants().find(|row| row.uid == uid);
    let name = row.map_or("", |row| row.entry.name.as_str());
    display_name(name, &PeerId::new(uid))
}

fn heartbeat(is_gone: bool, seconds_behind: u64) -> String {
    match (is_gone, seconds_behind) {
        (true, _) => "gone".to_owned(),
        (false, 0) => "just now".to_owned(),
        (false, seconds) => format!("{seconds} s behind the newest"),
    }
}

fn age(ms: f64) -> String {
    format!("{} s", (ms / 1000.0) as u64)
}
