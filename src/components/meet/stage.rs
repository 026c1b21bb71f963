//! The call, filling the window.

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::announcer::Announcer;
use super::bar::Bar;
use super::closable::Closable;
use super::installed::{keep_bundle, use_icon};
use super::mute_requests::MuteRequests;
use super::panel::{Panel, SidePanel, use_panel};
use super::quality::QualityNotices;
use super::recording::{OwnRecording, RecordDialog, RecordingsLeft};
use super::rights::Knocks;
use super::seats::Seats;
use super::use_stage::{StageHook, use_stage};
use crate::advice::Advice;
use crate::components::icon::{self, Icon};
use crate::components::meeting::chat::use_chat;
use crate::components::meeting::controls::toggle_screen;
use crate::components::meeting::in_call::LazyExchange;
use crate::components::meeting::invite::Invite;
use crate::components::meeting::leaving::LeaveGuard;
use crate::components::meeting::recording_mark::RecordingMark;
use crate::components::meeting::scene::Scene;
use crate::components::meeting::session::MeetingHook;
use crate::components::meeting::status::status_text;
use crate::components::meeting::trace_sharing::TraceSharingNotice;
use crate::components::meeting::verify::CertificateWarnings;
use crate::components::meeting::{
    KeysDialog, MediaErrors, Shortcut, use_keys_on, use_push_to_talk, use_shortcuts,
};
use crate::components::{Notice, NoticeKind, set_title};
use crate::hooks::{
    PageTrace, RecorderHook, listen_first, provide_playback, use_quality, use_sounds, use_wake_lock,
};
use crate::signaling::transport::Transport;

const STYLE: &str = include_str!("../../../style/stage.css");

/// For so long the bar stays without anything being moved.
const BAR_FOR: Duration = Duration::from_secs(3);

/// Everybody, the bar below them, a panel beside them.
#[component]
pub(super) fn Stage(meeting: MeetingHook) -> impl IntoView {
    let scene = meeting.scene;
    let (call, media) = (scene.call, scene.media);
    let trace = expect_context::<PageTrace>();
    let playback = provide_playback(media.speaker_id);
    let area = NodeRef::<html::Div>::new();
    let stage = use_stage(scene, area);
    let quality = use_quality(call);
    let sounds = use_sounds(call);
    let panel = use_panel(call);
    let chat = use_chat(call);
    keep_bundle();
    use_icon(media);
    let keys_on = use_keys_on();
    let keys_shown = RwSignal::new(false);
    let is_menu_open = RwSignal::new(false);
    let recorder = expect_context::<RecorderHook>();
    let record_asked = RwSignal::new(false);
    use_shortcuts(keys_on, Shortcut::ALL, move |shortcut| match shortcut {
        Shortcut::Mute => call.toggle_microphone(),
        Shortcut::Talk => {}
        Shortcut::Camera => media.toggle_camera(),
        Shortcut::Screen => toggle_screen(call, media),
        Shortcut::Chat => panel.toggle(Panel::Chat),
        Shortcut::People => panel.toggle(Panel::People),
        Shortcut::Hand => call.toggle_hand(),
        Shortcut::Help => keys_shown.update(|shown| *shown = !*shown),
    });
    let by_key = meeting.enters_by_key.get_value();
    use_push_to_talk(keys_on, by_key, move |begins| match begins {
        true => {
            let is_muted = untrack(|| !media.is_microphone_on());
            if is_muted {
                call.toggle_microphone();
            }
            is_muted
        }
        false => {
            media.unmuted.set(false);
            true
        }
    });
    use_wake_lock();
    Effect::new(move |_| {
        let room = meeting.room.get();
        match panel.unread.get() {
            0 => set_title(&room),
            count => set_title(&format!("({count}) {room}")),
        }
    });
    let silenced = Signal::derive(move || {
        let advice = || {
            Advice::new(
                "A host has muted you: nobody can hear you.",
                "Raise your hand if you want to say something.",
            )
        };
        call.is_silenced().then(advice)
    });
    let wrong = Signal::derive(move || {
        let one = [
            meeting.advice.get(),
            media.blur_advice.get(),
            media.screen_advice.get(),
        ];
        let mut wrong = media.advice.get();
        wrong.extend(one.into_iter().flatten());
        wrong
    });
    let is_idle = use_idle(is_menu_open, panel.open);
    let is_alone = Memo::new(move |_| stage.people().is_empty());
    view! {
        <style>{STYLE}</style>
        <section
            class="stage"
            class:is-idle=is_idle
            class:has-panel=move || panel.open.with(Option::is_some)
            aria-label="Call"
        >
            <header class="stage-head">
                <h1>{move || meeting.room.get()}</h1>
                <p class="status-line" id="call-status">
                    {move || status_in_words(scene)}
                </p>
                <RecordingMark call />
                <OwnRecording recorder />
            </header>
            <div class="stage-notices">
                <Show when=move || panel.open.get() != Some(Panel::People)>
                    <Knocks call />
                </Show>
                <MuteRequests call media />
                <RecordingsLeft recorder />
                <CertificateWarnings call />
                <QualityNotices scene quality />
                <TraceSharingNotice call />
                <Closable said=Signal::derive(move || silenced.get().into_iter().collect())>
                    <Notice advice=silenced kind=NoticeKind::Warning />
                </Closable>
                <Closable said=wrong>
                    <Notice advice=meeting.advice />
                    <MediaErrors media />
                    <Notice advice=media.screen_advice />
                </Closable>
            </div>
            <div class="stage-area" node_ref=area>
                <Seats scene stage quality name=meeting.name />
                <Show when=move || is_alone.get() && call.transport.get() != Transport::Paste>
                    <div class="stage-invite">
                        <Invite link=meeting.invitation hint="" />
                    </div>
                </Show>
                <Show when=move || call.transport.get() == Transport::Paste>
                    <div class="stage-exchange">
                        <LazyExchange call link=meeting.invitation hash=meeting.hash />
                    </div>
                </Show>
            </div>
            <Pages stage />
            <SidePanel meeting panel chat trace playback />
            <Bar
                meeting
                stage
                quality
                panel
                sounds
                trace
                is_menu_open
                keys_shown
                record_asked
            />
            <Announcer scene panel quality />
            <RecordDialog recorder is_asked=record_asked />
            <KeysDialog shown=keys_shown on=keys_on shortcuts=Shortcut::ALL />
            <LeaveGuard call />
        </section>
    }
}

/// Turns the pages where more people are here than fit.
#[component]
fn Pages(stage: StageHook) -> impl IntoView {
    let page = move || stage.arrangement.with(|now| (now.page, now.pages));
    view! {
        <Show when=move || { page().1 > 1 }>
            <nav class="stage-pages" aria-label="Pages of people">
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Previous page"
                    disabled=move || page().0 == 0
                    on:click=move |_| stage.turn_page(-1)
                >
                    <Icon path=icon::BACK />
                </button>
                <span>
                    {move || {
                        let (page, pages) = page();
                        format!("{} of {pages}", page + 1)
                    }}
                </span>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Next page"
                    disabled=move || {
                        let (page, pages) = page();
                        page + 1 == pages
                    }
                    on:click=move |_| stage.turn_page(1)
                >
                    <Icon path=icon::NEXT />
                </button>
            </nav>
        </Show>
    }
}

/// The state of the call in words; reactive.
fn status_in_words(scene: Scene) -> String {
    if scene.call.view.with(Option::is_none) {
        return String::new();
    }
    status_text(scene.call, scene.kind)
}

/// Whether nothing has been moved, touched, typed or focused for a while. While a menu or a panel is open
/// the bar stays.
fn use_idle(is_menu_open: RwSignal<bool>, panel: RwSignal<Option<Panel>>) -> Memo<bool> {
    let is_idle = RwSignal::new(false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let stir = move || {
        stop();
        is_idle.try_set(false);
        let started = set_timeout_with_handle(
            move || {
                is_idle.try_set(true);
            },
            BAR_FOR,
        );
        timer.try_set_value(started.ok());
    };
    stir();
    let moved = window_event_listener(ev::pointermove, move |_| stir());
    let hidden = move || {
        is_idle.try_get_untracked() == Some(true)
            && is_menu_open.try_get_untracked() == Some(false)
            && panel.try_get_untracked() == Some(None)
    };
    // Whoever taps to bring the bar back presses nothing. A mouse has brought it back before it presses.
    let brings_back = StoredValue::new(false);
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        brings_back.set_value(hidden() && event.pointer_type() == "touch");
        stir();
    });
    listen_first("click", move |event| {
        if brings_back.try_get_value() == Some(true) {
            brings_back.set_value(false);
            event.stop_propagation();
            event.prevent_default();
        }
    });
    let typed = window_event_listener(ev::keydown, move |_| stir());
    let focused = window_event_listener(ev::focusin, move |_| stir());
    on_cleanup(move || {
        stop();
        moved.remove();
        pressed.remove();
        typed.remove();
        focused.remove();
    });
    Memo::new(move |_| is_idle.get() && !is_menu_open.get() && panel.with(Option::is_none))
}
