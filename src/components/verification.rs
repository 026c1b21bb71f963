//! A verification code as people compare it, and what is said to those who do not.

use leptos::prelude::*;

use crate::advice::Advice;
use crate::components::Notice;
use crate::hooks::{Watched, use_certificates};
use crate::verification::{NoCode, Source, Verification, VerificationCode};

/// The code, why there is none, or that it is still to come. The pictures have their names below
/// them: the same picture looks different on every system, and names can be said.
#[component]
pub(crate) fn VerificationView(
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

/// Says so when a connection has certificates that no honest end has, whether or not somebody asks
/// for a code; computes none.
#[component]
pub fn CertificateWarning(
    #[prop(into)] watched: Signal<Option<Watched>, LocalStorage>,
    /// Of the other person, as far as it is known.
    #[prop(into)]
    name: Signal<Option<String>>,
) -> impl IntoView {
    let certificates = use_certificates(watched);
    let advice = Signal::derive(move || {
        let error = certificates.get()?.err()?;
        let name = name.get().unwrap_or_else(|| "the other person".to_owned());
        error.is_suspicious().then(|| {
            Advice::new(
                format!("The connection to {name} cannot be verified: {error}."),
                "Somebody who passes the signals on may be in between. Say nothing that others must not hear, and hang up.",
            )
        })
    });
    view! { <Notice advice /> }
}

#[component]
fn CodeView(code: VerificationCode) -> impl IntoView {
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
