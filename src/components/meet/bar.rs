//! The bar of the stage: what a person does in a call.

use leptos::prelude::*;

use super::buttons::{CAMERA, MICROPHONE};
use super::device_menu::{Choice, DeviceChoice};
use super::menu::{Menu, MenuButton};
use super::panel::{MORE, Panel, PanelHook};
use super::quality::{LowBandwidthItem, PauseVideoItem};
use super::reactions::{HandItem, ReactionChoice, hand_label};
use super::recording::RecordItem;
use super::small_window::SmallWindowItem;
use super::use_stage::StageHook;
use crate::advice::for_enlarging;
use crate::components::icon::{self, Icon};
use crate::components::meeting::controls::{microphone_label, toggle_screen};
use crate::components::meeting::enlarge::toggle_page_full_screen;
use crate::components::meeting::focus::focus_unless_kept;
use crate::components::meeting::session::MeetingHook;
use crate::hooks::{PageTrace, QualityHook, RecorderHook, SoundsHook, use_task};
use crate::stage::Look;

/// Microphone, camera, screen; chat and people; what else there is; leave.
#[component]
pub(super) fn Bar(
    meeting: MeetingHook,
    stage: StageHook,
    quality: QualityHook,
    panel: PanelHook,
    sounds: SoundsHook,
    trace: PageTrace,
    /// Whether a menu of it is open.
    is_menu_open: RwSignal<bool>,
    keys_shown: RwSignal<bool>,
    record_asked: RwSignal<bool>,
) -> impl IntoView {
    let scene = meeting.scene;
    let (call, media) = (scene.call, scene.media);
    // Whoever joined by a key goes on here.
    if meeting.enters_by_key.get_value() {
        request_animation_frame(|| focus_unless_kept(MICROPHONE));
    }
    let menus = [(); 4].map(|()| RwSignal::new(false));
    Effect::new(move |_| is_menu_open.set(menus.iter().any(|menu| menu.get())));
    let is_muted = move || !media.is_microphone_on() || !media.has_microphone();
    let shares = move || media.screen.with(Option::is_some);
    view! {
        <div class="bar" role="group" aria-label="Call">
            <span class="bar-pair">
                <button
                    type="button"
                    class="bar-button"
                    class:is-off=is_muted
                    aria-keyshortcuts="m"
                    // It keeps the focus, which a disabled button loses.
                    aria-disabled=move || call.is_silenced().then_some("true")
                    id=MICROPHONE
                    on:click=move |_| call.toggle_microphone()
                >
                    <Icon path=icon::MICROPHONE />
                    <span class="bar-label">
                        {move || microphone_label(call, is_muted())}
                    </span>
                </button>
                <Menu
                    id="microphone-menu"
                    label="Microphone and speaker"
                    icon=icon::MENU
                    narrow=true
                    open=menus[0]
                >
                    <DeviceChoice choice=Choice::MicrophoneAndSpeaker media trace />
                </Menu>
            </span>
            <span class="bar-pair">
                <button
                    type="button"
                    class="bar-button"
                    class:is-off=move || !media.camera.get()
                    aria-keyshortcuts="v"
                    id=CAMERA
                    on:click=move |_| media.toggle_camera()
                >
                    <Icon path=icon::CAMERA />
                    <span class="bar-label">
                        {move || if media.camera.get() { "Camera off" } else { "Camera on" }}
                    </span>
                </button>
                <Menu id="camera-menu" label="Camera" icon=icon::MENU narrow=true open=menus[1]>
                    <DeviceChoice choice=Choice::Camera media trace />
                </Menu>
            </span>
            {media
                .can_share_screen()
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="bar-button wide-only"
                            class:is-on=shares
                            aria-keyshortcuts="s"
                            on:click=move |_| toggle_screen(call, media)
                        >
                            <Icon path=icon::SCREEN />
                            <span class="bar-label">
                                {move || if shares() { "Stop sharing" } else { "Share screen" }}
                            </span>
                        </button>
                    }
                })}
            <button
                type="button"
                class="bar-button wide-only"
                class:is-on=move || call.is_hand_raised.get()
                aria-keyshortcuts="h"
                on:click=move |_| call.toggle_hand()
            >
                <Icon path=icon::HAND />
                <span class="bar-label">{move || hand_label(call)}</span>
            </button>
            <Menu
                class="wide-only"
                id="reaction-menu"
                label="React"
                icon=icon::REACTION
                open=menus[3]
            >
                <ReactionChoice call />
            </Menu>
            <PanelButton panel which=Panel::Chat icon=icon::CHAT label="Chat" key="c" />
            <PanelButton panel which=Panel::People icon=icon::PEOPLE label="People" key="p" />
            <Menu id="more-menu" button=MORE label="More" icon=icon::MORE open=menus[2]>
                <More meeting stage quality panel sounds keys_shown record_asked />
            </Menu>
            <button type="button" class="bar-button leave" on:click=move |_| call.hang_up()>
                <Icon path=icon::HANG_UP />
                <span class="bar-label">"Leave"</span>
            </button>
        </div>
    }
}

/// Opens and closes a panel.
#[component]
fn PanelButton(
    panel: PanelHook,
    which: Panel,
    icon: &'static str,
    label: &'static str,
    key: &'static str,
) -> impl IntoView {
    let badge = move || match which {
        Panel::Chat => panel.unread.get(),
        _ => 0,
    };
    let name = move || match badge() {
        0 => label.to_owned(),
        1 => format!("{label}, 1 new message"),
        count => format!("{label}, {count} new messages"),
    };
    view! {
        <button
            type="button"
            id=which.button()
            class="bar-button"
            class:is-on=move || panel.open.get() == Some(which)
            aria-expanded=move || (panel.open.get() == Some(which)).to_string()
            aria-controls="stage-panel"
            aria-keyshortcuts=key
            aria-label=name
            on:click=move |_| panel.toggle(which)
        >
            <Icon path=icon />
            <span class="bar-label">{label}</span>
            <Show when=move || { badge() > 0 }>
                <span class="bar-badge">{badge}</span>
            </Show>
        </button>
    }
}

/// What is needed less often.
#[component]
fn More(
    meeting: MeetingHook,
    stage: StageHook,
    quality: QualityHook,
    panel: PanelHook,
    sounds: SoundsHook,
    keys_shown: RwSignal<bool>,
    record_asked: RwSignal<bool>,
) -> impl IntoView {
    let scene = meeting.scene;
    let (call, media) = (scene.call, scene.media);
    let recorder = expect_context::<RecorderHook>();
    let look = move || stage.wishes.with(|wishes| wishes.look);
    let is_among = move || stage.wishes.with(|wishes| wishes.is_own_among_others);
    let shares = move || media.screen.with(Option::is_some);
    let set_look = move |look| stage.wishes.update(|wishes| wishes.look = look);
    let filling = use_task();
    let fill = move |()| {
        filling.run(async move {
            let result = toggle_page_full_screen().await;
            scene
                .failed
                .set(result.err().map(|error| for_enlarging(&error)));
        });
    };
    view! {
        {media
            .can_share_screen()
            .then(|| {
                view! {
                    <MenuButton
                        class="narrow-only"
                        label=Signal::derive(move || {
                            if shares() { "Stop sharing" } else { "Share screen" }
                        })
                        icon=icon::SCREEN
                        press=Callback::new(move |()| toggle_screen(call, media))
                    />
                }
            })}
        <Show when=move || media.can_flip_camera()>
            <MenuButton
                label="Use the other camera"
                icon=icon::FLIP
                press=Callback::new(move |()| media.flip_camera())
            />
        </Show>
        <HandItem call />
        <div class="narrow-only">
            <ReactionChoice call />
        </div>
        <Show
            when=move || look() == Look::Grid
            fallback=move || {
                view! {
                    <MenuButton
                        label="Grid view"
                        icon=icon::GRID
                        press=Callback::new(move |()| set_look(Look::Grid))
                    />
                }
            }
        >
            <MenuButton
                label="Speaker view"
                icon=icon::SPEAKER_VIEW
                press=Callback::new(move |()| set_look(Look::Speaker))
            />
        </Show>
        <MenuButton
            label=Signal::derive(move || {
                if is_among() { "Show yourself in a corner" } else { "Show yourself among the others" }
            })
            icon=icon::GRID
            press=Callback::new(move |()| {
                stage
                    .wishes
                    .update(|wishes| wishes.is_own_among_others = !wishes.is_own_among_others);
            })
        />
        <Show when=move || stage.is_own_hidden.get()>
            <MenuButton
                label="Show your own video"
                icon=icon::CAMERA
                press=Callback::new(move |()| stage.is_own_hidden.set(false))
            />
        </Show>
        <RecordItem recorder is_asked=record_asked />
        <SmallWindowItem scene stage />
        <LowBandwidthItem call />
        <PauseVideoItem quality />
        <MenuButton
            label=Signal::derive(move || {
                if sounds.is_on() { "Turn sounds off" } else { "Turn sounds on" }
            })
            icon=icon::SOUNDS
            press=Callback::new(move |()| sounds.toggle())
        />
        <MenuButton
            label="Full screen"
            icon=icon::FULL_SCREEN
            press=Callback::new(fill)
        />
        <MenuButton
            label="What happens in this call"
            icon=icon::WHAT
            press=Callback::new(move |()| panel.show(Panel::Details))
        />
        <MenuButton
            label="Shortcuts"
            icon=icon::KEYS
            press=Callback::new(move |()| keys_shown.set(true))
        />
        <a class="menu-item" href=meeting.lesson target="_blank" rel="noopener">
            <Icon path=icon::LINK />
            "The lesson about this room"
        </a>
    }
}
