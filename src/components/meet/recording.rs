//! Recording the call: begun from the menu, stopped on the stage, saved or deleted there and in the lobby.

use leptos::html;
use leptos::prelude::*;

use super::kept_recordings::KeptRecordings;
use super::menu::MenuButton;
use crate::components::icon;
use crate::components::lazy_view::{LazyView, View};
use crate::components::{Notice, NoticeKind};
use crate::hooks::{RecorderHook, use_lazy, use_modal};
use crate::lazy::lazy;
use crate::recorder::{Progress, State, clock, megabytes};

// Few people record.
lazy!(kept_recordings: View = || {
    let recorder = expect_context::<RecorderHook>();
    view! { <KeptRecordings recorder /> }.into_any()
});

/// A line of the menu, for those who may record.
#[component]
pub(super) fn RecordItem(recorder: RecorderHook, is_asked: RwSignal<bool>) -> impl IntoView {
    let is_running = Memo::new(move |_| recorder.progress.with(Progress::is_running));
    let is_shown = Memo::new(move |_| is_running.get() || recorder.is_allowed());
    let label = Signal::derive(move || match is_running.get() {
        true => "Stop recording",
        false => "Record…",
    });
    let press = Callback::new(move |()| match is_running.get_untracked() {
        true => recorder.stop(),
        false => is_asked.set(true),
    });
    view! {
        <Show when=move || is_shown.get()>
            <MenuButton label icon=icon::RECORD press />
        </Show>
    }
}

/// What the person is to know before recording.
#[component]
pub(super) fn RecordDialog(recorder: RecorderHook, is_asked: RwSignal<bool>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    use_modal(dialog, move || is_asked.get());
    let start = move |_| {
        is_asked.set(false);
        recorder.start();
    };
    view! {
        <dialog
            class="keys"
            aria-labelledby="record-title"
            node_ref=dialog
            on:close=move |_| is_asked.set(false)
        >
            <h3 id="record-title">"Record this call?"</h3>
            <p>
                "Everybody in the call is told. The recording has all videos, shared screens and voices; this browser writes it to your disk, and nobody else gets it."
            </p>
            <p class="field-hint">
                "Keep this tab in sight: browsers draw a hidden one less often, so the video may stand still there. The audio goes on."
            </p>
            <div class="toolbar">
                <button type="button" class="primary" on:click=start>
                    "Start recording"
                </button>
                <button type="button" on:click=move |_| is_asked.set(false)>
                    "Cancel"
                </button>
            </div>
        </dialog>
    }
}

/// The own recording while it goes on.
#[component]
pub(super) fn OwnRecording(recorder: RecorderHook) -> impl IntoView {
    let text = move || {
        recorder.progress.with(|progress| match progress.state {
            State::Idle => String::new(),
            State::Starting => "Recording starts…".to_owned(),
            State::Running {
                length_ms, bytes, ..
            } => format!("Recording {} · {}", clock(length_ms), megabytes(bytes)),
            State::Stopping => "The end of the recording is being written…".to_owned(),
        })
    };
    let is_running = Memo::new(move |_| recorder.progress.with(Progress::is_running));
    let is_going_on = Memo::new(move |_| recorder.progress.with(Progress::is_going_on));
    view! {
        <Show when=move || is_going_on.get()>
            <div class="recording-mark own-recording">
                <span>{text}</span>
                <Show when=move || is_running.get()>
                    <button type="button" on:click=move |_| recorder.stop()>
                        "Stop recording"
                    </button>
                </Show>
            </div>
        </Show>
    }
}

/// What went wrong with a recording, and the recordings that wait to be saved or deleted: after the last
/// one ended, and after a crash.
#[component]
pub(super) fn RecordingsLeft(recorder: RecorderHook) -> impl IntoView {
    let is_offered = Memo::new(move |_| {
        recorder.keeps.with(|keeps| !keeps.is_empty())
            && !recorder.progress.with(Progress::is_going_on)
    });
    let advice = Signal::derive(move || recorder.progress.with(|now| now.advice.clone()));
    let part = use_lazy(kept_recordings);
    Effect::new(move |_| {
        if is_offered.get() {
            part.load();
        }
    });
    view! {
        <Notice advice kind=NoticeKind::Warning />
        <Show when=move || is_offered.get()>
            <LazyView part what="The list of recordings" loading="" />
        </Show>
    }
}
