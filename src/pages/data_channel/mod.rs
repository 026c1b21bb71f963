//! RTCDataChannel: text and bytes through two real peer connections in one page.

pub(crate) mod binary;
pub(crate) mod messages;
pub(crate) mod options;
pub(crate) mod report;
pub(crate) mod throughput;

use leptos::prelude::*;

use crate::advice::Advice;
use crate::components::{Notice, Page};
use crate::hooks::{DataChannelHook, use_data_channel, use_trace};
use crate::rtc::data_channel::Message;
use crate::states::DataChannelState;
use crate::text;
use binary::SendBytes;
use messages::{LastReceived, Messages};
use options::{Options, OptionsForm, use_options};
use report::Report;
use throughput::Throughput;

#[component]
pub fn DataChannelPage() -> impl IntoView {
    let trace = use_trace();
    let channel = use_data_channel(trace);
    let form = use_options();
    let text = RwSignal::new(String::new());
    let as_binary = RwSignal::new(false);
    let not_started = RwSignal::new(None::<Advice>);
    let not_sent = RwSignal::new(None::<Advice>);

    let start = move |_| {
        not_sent.set(None);
        match form.read() {
            Ok(options) => {
                not_started.set(None);
                channel.start(&options);
            }
            Err(advice) => not_started.set(Some(advice)),
        }
    };
    let send = move |_| {
        let text = text.get_untracked();
        let message = match as_binary.get_untracked() {
            true => Message::Binary(text.into_bytes()),
            false => Message::Text(text),
        };
        not_sent.set(channel.send(message).err());
    };
    let stop = move |_| {
        channel.stop();
        text.set(String::new());
        not_sent.set(None);
    };

    view! {
        <Page text=text::DATA_CHANNEL trace>
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">"Try it"</h2>
                <Options form disabled=channel.pair.running />
                <div class="toolbar" role="group" aria-label="Channel">
                    <button
                        type="button"
                        class="primary"
                        on:click=start
                        disabled=move || channel.pair.running.get()
                    >
                        "Start"
                    </button>
                    <button
                        type="button"
                        class="primary"
                        on:click=send
                        disabled=move || !channel.is_open()
                    >
                        "Send"
                    </button>
                    <button
                        type="button"
                        class="danger"
                        on:click=stop
                        disabled=move || !channel.pair.running.get()
                    >
                        "Stop"
                    </button>
                    <label class="switch">
                        <input
                            type="checkbox"
                            role="switch"
                            prop:checked=move || as_binary.get()
                            on:change=move |event| as_binary.set(event_target_checked(&event))
                        />
                        <span>"Send as binary"</span>
                    </label>
                </div>
                <Notice advice=not_started />
                <Notice advice=channel.pair.advice />
                <Notice advice=not_sent />
                <Status channel form />
                <div class="data-areas">
                    <div class="field">
                        <label class="field-label" for="dataChannelSend">
                            "Send from localPeer"
                        </label>
                        <textarea
                            id="dataChannelSend"
                            placeholder="Press Start, enter some text, then press Send."
                            prop:value=move || text.get()
                            prop:disabled=move || !channel.is_open()
                            on:input=move |event| text.set(event_target_value(&event))
                        ></textarea>
                    </div>
                    <div class="field">
                        <label class="field-label" for="dataChannelReceive">
                            "Received by remotePeer"
                        </label>
                        <textarea
                            id="dataChannelReceive"
                            readonly
                            placeholder="The last text received appears here."
                            prop:value=move || channel.received_text.get()
                        ></textarea>
                    </div>
                </div>
                <LastReceived channel />
                <Report channel />
                <h3>"Binary messages, and how large one may be"</h3>
                <SendBytes channel />
                <h3>"Throughput"</h3>
                <Throughput channel />
                <h3>"Messages"</h3>
                <Messages channel />
            </section>
        </Page>
    }
}

#[component]
fn Status(channel: DataChannelHook, form: OptionsForm) -> impl IntoView {
    let status = move || {
        let running = channel.pair.running.get();
        if channel.is_open() {
            "The channel is open.".to_owned()
        } else if running && !channel.local.state_is(DataChannelState::Connecting) {
            "The channel is closed. Press Stop, then Start, for a new one.".to_owned()
        } else if running && form.id_is_large() && channel.pair.local.is_connected() {
            format!(
                "The peers are connected, but the channel is not open. If it stays so, press Stop and choose a smaller id: Firefox opens none above {}.",
                options::LARGEST_ID_IN_FIREFOX
            )
        } else if running {
            "The two peers are connecting.".to_owned()
        } else if channel.local.state_is(DataChannelState::Closed) {
            "The channel is closed.".to_owned()
        } else {
            String::new()
        }
    };
    view! {
        <p class="status-line" role="status" id="channel-status">
            {status}
        </p>
    }
}
