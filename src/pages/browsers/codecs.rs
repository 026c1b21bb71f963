//! What the browser can encode and decode.

use leptos::prelude::*;

use crate::support::Codecs;

/// What it sends and receives, of sound and of pictures.
#[component]
pub(crate) fn CodecLists(codecs: Vec<Codecs>) -> impl IntoView {
    let lists = codecs.into_iter().map(|codecs| {
        let direction = if codecs.sent { "sent" } else { "received" };
        let id = format!("{}-{direction}", codecs.kind);
        let title = codecs.title();
        let entries = match codecs.codecs {
            None => view! { <p class="empty">"This browser does not tell."</p> }.into_any(),
            Some(list) => {
                let entries = list
                    .into_iter()
                    .map(|codec| view! { <li><code>{codec}</code></li> });
                let title_id = format!("{id}-title");
                view! {
                    // It scrolls, and so must be reachable by keyboard.
                    <ul class="codecs" tabindex="0" aria-labelledby=title_id>
                        {entries.collect_view()}
                    </ul>
                }
                .into_any()
            }
        };
        view! {
            <section class="peer" id=id.clone() aria-labelledby=format!("{id}-title")>
                <h3 id=format!("{id}-title")>{title}</h3>
                {entries}
            </section>
        }
    });
    view! {
        <p>
            "The order is the browser’s own preference. A codec that comes several times differs in its options, which are in brackets. "
            <code>"rtx"</code> ", " <code>"red"</code> ", " <code>"ulpfec"</code>
            " and such carry no picture of their own: they repeat or protect what others carry."
        </p>
        <div class="peers">{lists.collect_view()}</div>
    }
}
