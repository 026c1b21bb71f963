//! What `createDataChannel` is asked for.

use leptos::prelude::*;

use crate::advice::Advice;
use crate::components::{NumberField, Switch, whole_number};
use crate::rtc::data_channel::{DataChannelOptions, Reliability};

/// Seen in Firefox 153: with a greater one the channel stays `connecting`, without an error.
pub(crate) const LARGEST_ID_IN_FIREFOX: u16 = 2_047;

/// 65535 is a `TypeError`:
/// <https://www.w3.org/TR/webrtc/#dom-peerconnection-createdatachannel>.
const LARGEST_ID: u16 = 65_534;

const MAX_RETRANSMITS: &str = "maxRetransmits";
const MAX_PACKET_LIFE_TIME: &str = "maxPacketLifeTime";

/// The fields as they are filled in.
#[derive(Clone, Copy)]
pub(crate) struct OptionsForm {
    ordered: RwSignal<bool>,
    max_retransmits: RwSignal<String>,
    max_packet_life_time: RwSignal<String>,
    negotiated: RwSignal<bool>,
    id: RwSignal<String>,
    protocol: RwSignal<String>,
}

/// The defaults of the standard.
pub(crate) fn use_options() -> OptionsForm {
    OptionsForm {
        ordered: RwSignal::new(true),
        max_retransmits: RwSignal::new(String::new()),
        max_packet_life_time: RwSignal::new(String::new()),
        negotiated: RwSignal::new(false),
        id: RwSignal::new("0".to_owned()),
        protocol: RwSignal::new(String::new()),
    }
}

impl OptionsForm {
    /// The options, or what to mend; reactive.
    pub(crate) fn read(self) -> Result<DataChannelOptions, Advice> {
        let problem = |what| {
            Advice::new(
                what,
                "Mend it among the channel’s options, then press Start again.",
            )
        };
        let retransmits = self.retransmits().map_err(problem)?;
        let life_time = self.life_time().map_err(problem)?;
        Ok(DataChannelOptions {
            ordered: self.ordered.get(),
            reliability: reliability(retransmits, life_time).map_err(problem)?,
            negotiated_id: self.negotiated_id().map_err(problem)?,
            protocol: self.protocol().map_err(problem)?,
        })
    }

    /// Whether there is an id that Firefox does not open; reactive.
    pub(crate) fn id_is_large(self) -> bool {
        matches!(self.negotiated_id(), Ok(Some(id)) if id > LARGEST_ID_IN_FIREFOX)
    }

    fn retransmits(self) -> Result<Option<u16>, String> {
        limit(MAX_RETRANSMITS, &self.max_retransmits.get())
    }

    fn life_time(self) -> Result<Option<u16>, String> {
        limit(MAX_PACKET_LIFE_TIME, &self.max_packet_life_time.get())
    }

    fn negotiated_id(self) -> Result<Option<u16>, String> {
        match self.negotiated.get() {
            true => number("id", &self.id.get(), LARGEST_ID).map(Some),
            false => Ok(None),
        }
    }

    fn protocol(self) -> Result<String, String> {
        let protocol = self.protocol.get();
        match protocol.len() {
            0..=65_535 => Ok(protocol),
            size => Err(format!(
                "The subprotocol has {size} bytes; at most 65535 are allowed."
            )),
        }
    }

    fn summary(self) -> String {
        let mut words = vec![match self.ordered.get() {
            true => "ordered".to_owned(),
            false => "unordered".to_owned(),
        }];
        words.push(match (self.retransmits(), self.life_time()) {
            (Ok(None), Ok(None)) => "reliable".to_owned(),
            (Ok(Some(times)), _) => format!("at most {times} retransmissions"),
            (_, Ok(Some(ms))) => format!("at most {ms} ms"),
            _ => "not valid yet".to_owned(),
        });
        match self.negotiated_id() {
            Ok(None) => {}
            Ok(Some(id)) => words.push(format!("negotiated as {id}")),
            Err(_) => words.push("id not valid yet".to_owned()),
        }
        words.join(", ")
    }
}

fn number(name: &str, text: &str, max: u16) -> Result<u16, String> {
    let number = whole_number(name, text, 0..=u64::from(max))?;
    Ok(u16::try_from(number).unwrap_or(max))
}

/// Empty is no limit.
fn limit(name: &str, text: &str) -> Result<Option<u16>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    number(name, text, u16::MAX)
        .map(Some)
        .map_err(|error| format!("{error} Leave it empty for no limit."))
}

fn reliability(retransmits: Option<u16>, life_time: Option<u16>) -> Result<Reliability, String> {
    match (retransmits, life_time) {
        (None, None) => Ok(Reliability::Reliable),
        (Some(times), None) => Ok(Reliability::MaxRetransmits(times)),
        (None, Some(ms)) => Ok(Reliability::MaxPacketLifeTime(ms)),
        (Some(_), Some(_)) => Err(format!(
            "A channel has one limit or none: either {MAX_RETRANSMITS} or {MAX_PACKET_LIFE_TIME}."
        )),
    }
}

#[component]
pub(crate) fn Options(form: OptionsForm, #[prop(into)] disabled: Signal<bool>) -> impl IntoView {
    let filled = |text: RwSignal<String>| move || text.with(|text| !text.trim().is_empty());
    let has_retransmits = filled(form.max_retransmits);
    let has_life_time = filled(form.max_packet_life_time);
    view! {
        <details class="disclosure" id="channel-options">
            <summary>"Options: " {move || form.summary()}</summary>
            <fieldset class="fields" prop:disabled=move || disabled.get()>
                <legend class="visually-hidden">"Options of the channel"</legend>
                <p class="field-hint wide">
                    {move || match disabled.get() {
                        true => "A channel keeps the options it was made with. Press Stop to change them.",
                        false => "They count from the next Start on.",
                    }}
                </p>
                <Switch label="ordered" on=form.ordered />
                <Switch label="negotiated" on=form.negotiated />
                <NumberField
                    id="max-retransmits"
                    label=MAX_RETRANSMITS
                    value=form.max_retransmits
                    error=Signal::derive(move || form.retransmits().err())
                    disabled=Signal::derive(has_life_time)
                >
                    {move || match has_life_time() {
                        true => view! { <OnlyOne other=MAX_PACKET_LIFE_TIME /> }.into_any(),
                        false => "How often a lost message is sent again. Empty: until it arrives.".into_any(),
                    }}
                </NumberField>
                <NumberField
                    id="max-packet-life-time"
                    label="maxPacketLifeTime"
                    value=form.max_packet_life_time
                    error=Signal::derive(move || form.life_time().err())
                    disabled=Signal::derive(has_retransmits)
                >
                    {move || match has_retransmits() {
                        true => view! { <OnlyOne other=MAX_RETRANSMITS /> }.into_any(),
                        false => "Milliseconds after which a message is given up. Empty: never.".into_any(),
                    }}
                </NumberField>
                <NumberField
                    id="channel-id"
                    label="id"
                    value=form.id
                    error=Signal::derive(move || form.negotiated_id().err())
                    disabled=Signal::derive(move || !form.negotiated.get())
                >
                    {move || match form.negotiated.get() {
                        true => format!("0 to {LARGEST_ID}, the same at both ends. Firefox opens ids up to {LARGEST_ID_IN_FIREFOX} only."),
                        false => "The browser chooses one, unless the channel is negotiated.".to_owned(),
                    }}
                </NumberField>
                <div class="field">
                    <label class="field-label" for="channel-protocol">
                        "protocol"
                    </label>
                    <input
                        type="text"
                        id="channel-protocol"
                        autocomplete="off"
                        aria-describedby="channel-protocol-hint"
                        aria-invalid=move || form.protocol().is_err().to_string()
                        prop:value=move || form.protocol.get()
                        on:input=move |event| form.protocol.set(event_target_value(&event))
                    />
                    <small class="field-hint" id="channel-protocol-hint" role="status">
                        {move || {
                            form.protocol()
                                .err()
                                .unwrap_or_else(|| {
                                    "A name for what the messages mean. The browser hands it over unread.".to_owned()
                                })
                        }}
                    </small>
                </div>
            </fieldset>
        </details>
    }
}

#[component]
fn OnlyOne(other: &'static str) -> impl IntoView {
    view! {
        "Off, because " {other}
        " is set. A channel has one limit or none; asked for both, "
        <a href="https://www.w3.org/TR/webrtc/#dom-peerconnection-createdatachannel">
            <code>"createDataChannel"</code>
        </a>
        " throws a TypeError."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_limit_is_none_and_a_bad_one_is_named() {
        assert_eq!(limit(MAX_RETRANSMITS, " "), Ok(None));
        assert_eq!(limit(MAX_RETRANSMITS, "0"), Ok(Some(0)));
        assert_eq!(limit(MAX_RETRANSMITS, "65535"), Ok(Some(65_535)));
        for text in ["-1", "65536", "many"] {
            let error = limit(MAX_PACKET_LIFE_TIME, text).unwrap_err();
            assert!(error.starts_with("maxPacketLifeTime must be"), "{error}");
        }
    }

    #[test]
    fn the_greatest_id_is_65534() {
        assert_eq!(number("id", "65534", LARGEST_ID), Ok(65_534));
        assert!(number("id", "65535", LARGEST_ID).is_err());
        assert!(number("id", "", LARGEST_ID).is_err());
    }

    #[test]
    fn two_limits_are_refused_and_both_are_named() {
        assert_eq!(
            reliability(None, Some(5)),
            Ok(Reliability::MaxPacketLifeTime(5))
        );
        assert_eq!(
            reliability(Some(0), None),
            Ok(Reliability::MaxRetransmits(0))
        );
        let error = reliability(Some(0), Some(0)).unwrap_err();
        assert!(error.contains(MAX_RETRANSMITS) && error.contains(MAX_PACKET_LIFE_TIME));
    }
}
