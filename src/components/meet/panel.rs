//! What is beside the stage: chat, people, and what happens in this call. On narrow windows it lies over
//! the stage.

use leptos::prelude::*;

use super::details::Details;
use super::mute_requests::{AskedHook, use_asked};
use super::people::People;
use crate::components::icon::{self, Icon};
use crate::components::meeting::chat::{self, Chat, ChatHook};
use crate::components::meeting::focus::focus_unless_kept;
use crate::components::meeting::session::MeetingHook;
use crate::hooks::{CallHook, PageTrace, Playback};

/// The id of the button of the menu with what is needed less often.
pub(super) const MORE: &str = "more-button";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Panel {
    Chat,
    People,
    Details,
}

impl Panel {
    fn title(self) -> &'static str {
        match self {
            Self::Chat => "Chat",
            Self::People => "People",
            Self::Details => "What happens in this call",
        }
    }

    /// The id of the button that opens it.
    pub(super) fn button(self) -> &'static str {
        match self {
            Self::Chat => "chat-button",
            Self::People => "people-button",
            Self::Details => MORE,
        }
    }
}

/// Which panel is open.
#[derive(Clone, Copy)]
pub(super) struct PanelHook {
    pub(super) open: RwSignal<Option<Panel>>,
    /// Messages of others that came while the chat was closed.
    pub(super) unread: Memo<usize>,
    asked: AskedHook,
}

pub(super) fn use_panel(call: CallHook) -> PanelHook {
    let open = RwSignal::new(None);
    let read = RwSignal::new(0);
    let others = Memo::new(move |_| {
        call.chat
            .with(|lines| lines.iter().filter(|line| !line.own).count())
    });
    Effect::new(move |_| {
        let count = others.get();
        // The next call begins with none.
        if open.get() == Some(Panel::Chat) || count < read.get_untracked() {
            read.set(count);
        }
    });
    PanelHook {
        open,
        unread: Memo::new(move |_| others.get().saturating_sub(read.get())),
        asked: use_asked(call),
    }
}

impl PanelHook {
    pub(super) fn toggle(self, which: Panel) {
        match self.open.get_untracked() == Some(which) {
            true => self.open.set(None),
            false => self.show(which),
        }
    }

    pub(super) fn show(self, which: Panel) {
        self.open.set(Some(which));
        if which == Panel::Chat {
            // It is there in a moment.
            request_animation_frame(chat::focus);
        }
    }
}

/// The panel that is open, if one is.
#[component]
pub(super) fn SidePanel(
    meeting: MeetingHook,
    panel: PanelHook,
    chat: ChatHook,
    trace: PageTrace,
    playback: Playback,
) -> impl IntoView {
    let close = move || panel.open.set(None);
    let body = move |which| match which {
        Panel::Chat => view! { <Chat chat /> }.into_any(),
        Panel::People => view! { <People meeting playback asked=panel.asked /> }.into_any(),
        Panel::Details => view! { <Details meeting trace /> }.into_any(),
    };
    Effect::new(move |earlier: Option<Option<Panel>>| {
        let open = panel.open.get();
        if let (Some(Some(closed)), None) = (earlier, open) {
            // What had the focus in it is gone in a moment.
            request_animation_frame(move || focus_unless_kept(closed.button()));
        }
        open
    });
    move || {
        panel.open.get().map(|which| {
            view! {
                <aside
                    class="stage-panel"
                    id="stage-panel"
                    data-panel=move || format!("{which:?}").to_lowercase()
                    aria-labelledby="stage-panel-title"
                    on:keydown=move |event| {
                        if event.key() == "Escape" {
                            close();
                        }
                    }
                >
                    <header class="stage-panel-head">
                        <h2 id="stage-panel-title">{which.title()}</h2>
                        <button
                            type="button"
                            class="icon-button"
                            aria-label="Close"
                            on:click=move |_| close()
                        >
                            <Icon path=icon::CLOSE />
                        </button>
                    </header>
                    <div class="stage-panel-body">{body(which)}</div>
                </aside>
            }
        })
    }
}
