//! A message of as many bytes as one likes.

use leptos::prelude::*;

use crate::advice::Advice;
use crate::components::{Notice, NumberField, whole_number};
use crate::hooks::DataChannelHook;
use crate::rtc::data_channel::Message;

#[component]
pub(crate) fn SendBytes(channel: DataChannelHook) -> impl IntoView {
    let size = RwSignal::new("1024".to_owned());
    let not_sent = RwSignal::new(None::<Advice>);
    let parsed = move || whole_number("The number of bytes", &size.get(), 0..=u64::MAX);
    let send = move |_| not_sent.set(parsed().map_or_else(refused, |size| send(channel, size)));
    // What was said of the last message does not belong to the next channel.
    Effect::new(move |_| {
        channel.pair.running.track();
        not_sent.set(None);
    });
    let limit = move || match channel.max_message_size.get() {
        Some(max) if max.is_finite() => {
            format!("This connection takes at most {max} bytes in one message (maxMessageSize).")
        }
        Some(_) => "This connection sets no limit (maxMessageSize).".to_owned(),
        None => {
            "How many one message may have (maxMessageSize), the peers agree on when they connect."
                .to_owned()
        }
    };
    view! {
        <div class="fields">
            <NumberField
                id="byte-count"
                label="Number of bytes"
                value=size
                error=Signal::derive(move || parsed().err())
            >
                {limit}
            </NumberField>
            <div class="field">
                <span class="field-label" aria-hidden="true">"\u{a0}"</span>
                <button type="button" on:click=send disabled=move || !channel.is_open()>
                    "Send bytes"
                </button>
            </div>
        </div>
        <Notice advice=not_sent />
    }
}

fn refused(what: String) -> Option<Advice> {
    Some(Advice::new(what, "Mend it, then press Send bytes again."))
}

/// Looks at the size first: nothing is made that cannot be sent.
fn send(channel: DataChannelHook, size: u64) -> Option<Advice> {
    if let Err(advice) = channel.check_size(size) {
        return Some(advice);
    }
    let bytes = (0..size).map(|index| index as u8).collect();
    channel.send(Message::Binary(bytes)).err()
}
