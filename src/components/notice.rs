//! Messages: what happened, in the standard's own name, and what to do about it.

use leptos::prelude::*;

use crate::advice::Advice;
use crate::rtc::media::is_secure_context;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoticeKind {
    Error,
    Warning,
}

/// The newest outcome worth a message; replaced by the next, gone with `None`.
#[component]
pub(crate) fn Notice(
    #[prop(into)] advice: Signal<Option<Advice>>,
    #[prop(default = NoticeKind::Error)] kind: NoticeKind,
) -> impl IntoView {
    let (class, role) = match kind {
        NoticeKind::Error => ("notice notice-error", "alert"),
        NoticeKind::Warning => ("notice notice-warning", "status"),
    };
    move || {
        advice.get().map(|advice| {
            view! {
                <div class=class role=role>
                    <p class="notice-title">
                        {advice.name.clone().map(|name| view! { <code>{name}</code> " " })}
                        {advice.what.clone()}
                    </p>
                    <p>{advice.remedy.clone()}</p>
                </div>
            }
        })
    }
}

/// Why there is no camera here, where the page came over plain HTTP.
#[component]
pub(crate) fn SecureContextNotice() -> impl IntoView {
    (!is_secure_context()).then(|| {
        let html = include_str!("secure_context.html");
        view! { <div class="notice notice-warning" role="status" inner_html=html></div> }
    })
}
