//! Where to meet: a new room, one that somebody named, or one where this browser was before.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::components::meet::installed::keep_bundle;
use crate::components::set_title;
use crate::hooks::use_recent_rooms;
use crate::rooms::{Destination, destination, new_name, room_of};
use crate::routes::{self, href, room_path};
use crate::rtc::random_bytes;

/// One field and two buttons.
#[component]
pub(super) fn Start() -> impl IntoView {
    set_title("Meet");
    keep_bundle();
    let entered = RwSignal::new(String::new());
    let wrong = RwSignal::new(false);
    let field = NodeRef::<html::Input>::new();
    let navigate = use_navigate();
    let query = use_query_map();
    let open = Callback::new(move |to: Destination| {
        let address = match to {
            // By the same server and transport as this page.
            Destination::Name(name) => {
                let query = query.with_untracked(|query| query.to_query_string());
                format!("{}{query}", room_path(routes::MEET, &name))
            }
            Destination::Link(link) => format!("{}/{link}", routes::MEET),
        };
        navigate(&address, NavigateOptions::default());
    });
    let open_new = move |_| open.run(Destination::Name(new_name(random_bytes())));
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match destination(&entered.get_untracked()) {
            Some(there) => open.run(there),
            None => {
                wrong.set(true);
                if let Some(field) = field.get_untracked() {
                    // Fails for a field that is not shown.
                    let _ = field.focus();
                }
            }
        }
    };
    let recent = use_recent_rooms();
    view! {
        <article class="meet-start">
            <h1>"Meet"</h1>
            <p class="lead">
                "Video calls in the browser, directly between people. Nothing to install, no account."
            </p>
            <p>
                <button type="button" class="primary new-meeting" on:click=open_new>
                    "New meeting"
                </button>
            </p>
            <form class="meet-enter" on:submit=enter>
                <label class="field-label" for="meeting">
                    "Name or link of a meeting"
                </label>
                <div class="beside">
                    <input
                        type="text"
                        id="meeting"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        aria-describedby="meeting-hint"
                        aria-invalid=move || wrong.get().to_string()
                        node_ref=field
                        prop:value=move || entered.get()
                        on:input=move |event| {
                            wrong.set(false);
                            entered.set(event_target_value(&event));
                        }
                    />
                    <button type="submit">"Enter"</button>
                </div>
                <small class="field-hint" id="meeting-hint" role="status">
                    {move || match wrong.get() {
                        true => "Enter the name of a meeting, or paste its link.",
                        false => "",
                    }}
                </small>
            </form>
            <Show when=move || recent.with(|rooms| !rooms.is_empty())>
                <section aria-labelledby="recent-title">
                    <h2 id="recent-title">"Recent meetings"</h2>
                    <ul class="recent" role="list">
                        <For each=move || recent.get() key=Clone::clone let(link)>
                            <li>
                                <A href=format!("{}/{link}", href(routes::MEET))>{decoded(room_of(&link))}</A>
                            </li>
                        </For>
                    </ul>
                    <button type="button" on:click=move |_| recent.set(Vec::new())>
                        "Clear list"
                    </button>
                </section>
            </Show>
            <p>
                <A href=href(routes::HOME)>"Learn how it works"</A>
            </p>
        </article>
    }
}

/// As people read it; as it is where it cannot be decoded.
fn decoded(room: &str) -> String {
    js_sys::decode_uri_component(room).map_or_else(|_| room.to_owned(), String::from)
}
