//! Where to meet: a new room, one that somebody named, or one where this browser was before.

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

use crate::components::meet::installed::keep_bundle;
use crate::components::set_title;
use crate::hooks::use_recent_rooms;
use crate::rooms::{Destination, destination, new_name};
use crate::routes::{self, href};
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
    let open = Callback::new(move |to: Destination| {
        let room = match to.is_encoded {
            true => to.room,
            false => js_sys::encode_uri_component(&to.room).into(),
        };
        let address = format!("{}/{room}{}", routes::MEET, to.query);
        navigate(&address, NavigateOptions::default());
    });
    let open_new = move |_| {
        let name = new_name(random_bytes());
        if let Some(there) = destination(&name) {
            open.run(there);
        }
    };
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
                "Video calls in the browser, from person to person. Nothing to install, no account."
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
                        <For each=move || recent.get() key=Clone::clone let(room)>
                            <li>
                                <A href=format!(
                                    "{}/{}",
                                    href(routes::MEET),
                                    js_sys::encode_uri_component(&room),
                                )>{room.clone()}</A>
                            </li>
                        </For>
                    </ul>
                    <button type="button" on:click=move |_| recent.set(Vec::new())>
                        "Forget them"
                    </button>
                </section>
            </Show>
            <p>
                <A href=href(routes::HOME)>"Learn how it works"</A>
            </p>
        </article>
    }
}
