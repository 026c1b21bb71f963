//! Which database carries the signals.

use leptos::prelude::*;

use crate::hooks::CallHook;

/// Shows which database is used, and takes another.
#[component]
pub(crate) fn ConfigForm(call: CallHook) -> impl IntoView {
    let firebase = call.firebase;
    let pasted = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let in_call = Memo::new(move |_| call.in_call());
    let own = Memo::new(move |_| firebase.project().is_some());
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match firebase.use_pasted(&pasted.get_untracked()) {
            Ok(()) => {
                pasted.set(String::new());
                error.set(None);
            }
            Err(wrong) => error.set(Some(wrong.to_string())),
        }
    };
    let back = move |_| {
        firebase.use_embedded();
        error.set(None);
    };
    view! {
        <section class="demo" aria-labelledby="database-choice-title">
            <h2 id="database-choice-title">"Which database"</h2>
            <p role="status" id="database-in-use">
                {move || match firebase.database() {
                    Ok(database) if own.get() => {
                        let sign_in = match database.api_key {
                            Some(_) => "",
                            None => " Without an apiKey nobody signs in, so its rules must let everybody in.",
                        };
                        view! {
                            "In use: your own, " <code>{database.name()}</code> "."
                            {sign_in}
                        }
                            .into_any()
                    }
                    Ok(database) => {
                        view! { "In use: the embedded database, " <code>{database.name()}</code> "." }
                            .into_any()
                    }
                    Err(error) => error.to_string().into_any(),
                }}
            </p>
            <form class="config-form" on:submit=apply>
                <div class="field">
                    <label class="field-label" for="firebase-config">
                        "Your project’s configuration"
                    </label>
                    <textarea
                        id="firebase-config"
                        class="machine-text"
                        rows="7"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="none"
                        placeholder="const firebaseConfig = {\n  apiKey: \"…\",\n  databaseURL: \"https://…\",\n  …\n};"
                        aria-describedby="firebase-config-hint firebase-config-error"
                        aria-invalid=move || error.with(Option::is_some).then_some("true")
                        prop:value=move || pasted.get()
                        on:input=move |event| {
                            pasted.set(event_target_value(&event));
                            error.set(None);
                        }
                        disabled=in_call
                    ></textarea>
                    <p class="field-error" id="firebase-config-error" role="alert">
                        {move || error.get()}
                    </p>
                    <small class="field-hint" id="firebase-config-hint">
                        "The JavaScript that the Firebase console shows, JSON, or only the databaseURL. It stays in this browser; those whom you call need the same database in theirs. During a call it cannot be changed."
                    </small>
                </div>
                <div class="toolbar">
                    <button type="submit" class="primary" disabled=in_call>
                        "Use this database"
                    </button>
                    <button type="button" on:click=back disabled=move || in_call.get() || !own.get()>
                        "Back to the embedded database"
                    </button>
                </div>
            </form>
        </section>
    }
}
