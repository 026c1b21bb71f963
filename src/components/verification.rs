//! A verification code as people compare it.

use leptos::prelude::*;

use crate::verification::{Code, NoCode, Source, Verification};

/// The code, why there is none, or that it is still to come. The pictures have their names below
/// them: the same picture looks different on every system, and names can be said.
#[component]
pub fn VerificationView(
    #[prop(into)] result: Signal<Option<Result<Verification, NoCode>>>,
) -> impl IntoView {
    move || match result.get() {
        None => {
            view! { <p class="code-waiting">"The code comes with the connection."</p> }.into_any()
        }
        Some(Err(error)) => view! {
            <p class="code-missing">{format!("There is no code: {error}.")}</p>
        }
        .into_any(),
        Some(Ok(verification)) => view! {
            <CodeView code=verification.code />
            <p class="code-source">{source(verification.source)}</p>
        }
        .into_any(),
    }
}

#[component]
fn CodeView(code: Code) -> impl IntoView {
    let signs = code.emoji().map(|emoji| {
        view! {
            <li>
                <span class="code-sign" aria-hidden="true">
                    {emoji.sign}
                </span>
                " "
                <span class="code-name">{emoji.name}</span>
            </li>
        }
    });
    view! {
        <div class="code" role="group" aria-label="Verification code" data-code=code.words()>
            <ol class="code-signs" role="list">
                {signs.collect_view()}
            </ol>
            <p class="code-digits">{code.digits()}</p>
        </div>
    }
}

fn source(source: Source) -> &'static str {
    match source {
        Source::Handshake => "Made of the certificate that the other end showed, and of your own.",
        Source::Description => {
            "Made of your own fingerprint and the one announced for the other end: this browser does not give the certificate itself, but has checked that it is the announced one."
        }
    }
}
