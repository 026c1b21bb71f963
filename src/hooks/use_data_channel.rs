//! One data channel between two peers in one page.

use std::rc::Rc;

use gloo_timers::callback::Interval;
use leptos::prelude::*;

use crate::advice::{Advice, for_oversize, for_sending};
use crate::call::links::LinkEvent;
use crate::error::JsError;
use crate::hooks::{MessageRow, PageTrace, PairHook, ThroughputHook, use_pair, use_throughput};
use crate::lab::pair::{End, Pair};
use crate::rtc::data_channel::{ChannelReport, DataChannel, DataChannelOptions, Message};
use crate::rtc::now_ms;
use crate::states::DataChannelState;

/// The channel's name, as in the tutorial.
const LABEL: &str = "sendDataChannel";

/// How many messages are shown; the oldest go first.
const SHOWN: usize = 100;

/// Bytes in one message. Firefox (153) promises to take more than a hundred times as much, and
/// accepts it; but a message of one byte more than this stays in its queue for ever and blocks
/// all that follow.
const LARGEST_SENT: u64 = 8 * 1024 * 1024;

/// How often `bufferedAmount`, which fires no event while it grows, is looked at.
const LOOK_EVERY_MS: u32 = 250;

/// What one end of the channel shows.
#[derive(Clone, Copy)]
pub(crate) struct ChannelEnd {
    /// The ready states in the order of their coming; the last is the state now.
    pub(crate) states: RwSignal<Vec<DataChannelState>>,
    pub(crate) report: RwSignal<Option<ChannelReport>>,
}

/// The channel: `localPeer` sends, `remotePeer` receives.
#[derive(Clone, Copy)]
pub(crate) struct DataChannelHook {
    pub(crate) pair: PairHook,
    pub(crate) local: ChannelEnd,
    pub(crate) remote: ChannelEnd,
    /// Newest first.
    pub(crate) messages: RwSignal<Vec<MessageRow>>,
    pub(crate) received_text: RwSignal<String>,
    /// Bytes in the send queue; `None` while there is no open channel.
    pub(crate) buffered: RwSignal<Option<u32>>,
    /// Bytes that one message may have; infinite where there is no limit.
    pub(crate) max_message_size: RwSignal<Option<f64>>,
    pub(crate) throughput: ThroughputHook,
    channels: StoredValue<[Option<Rc<DataChannel>>; 2], LocalStorage>,
    looking: StoredValue<Option<Interval>, LocalStorage>,
    started: StoredValue<f64>,
    next_id: StoredValue<u64>,
}

/// No channel yet.
pub(crate) fn use_data_channel(trace: PageTrace) -> DataChannelHook {
    let hook = DataChannelHook {
        pair: use_pair(trace),
        local: ChannelEnd::new(),
        remote: ChannelEnd::new(),
        messages: RwSignal::new(Vec::new()),
        received_text: RwSignal::new(String::new()),
        buffered: RwSignal::new(None),
        max_message_size: RwSignal::new(None),
        throughput: use_throughput(),
        channels: StoredValue::new_local([None, None]),
        looking: StoredValue::new_local(None),
        started: StoredValue::new(0.0),
        next_id: StoredValue::new(0),
    };
    on_cleanup(move || {
        hook.looking.try_update_value(|looking| *looking = None);
        hook.channels
            .try_update_value(|channels| *channels = [None, None]);
    });
    hook
}

impl DataChannelHook {
    pub(crate) fn end(self, end: End) -> ChannelEnd {
        match end {
            End::Local => self.local,
            End::Remote => self.remote,
        }
    }

    /// Whether messages can be sent; reactive.
    pub(crate) fn is_open(self) -> bool {
        self.local.state_is(DataChannelState::Open)
    }

    /// Joins two peers by a channel with these options.
    pub(crate) fn start(self, options: &DataChannelOptions) {
        self.stop();
        self.throughput.clear();
        self.messages.set(Vec::new());
        self.started.set_value(now_ms());
        for end in End::BOTH {
            self.end(end).report.set(None);
            self.end(end).states.set(Vec::new());
        }
        let is_negotiated = options.negotiated_id.is_some();
        let options = options.clone();
        let make = move |pair: &Pair, end| {
            if let Some(connection) = pair.connection(end) {
                self.adopt(end, connection.create_data_channel(LABEL, &options)?);
            }
            Ok::<_, JsError>(())
        };
        self.pair.start(
            move |pair| {
                let mut made = make(pair, End::Local);
                // Nobody announces a negotiated channel: the other end makes it, too.
                if is_negotiated {
                    made = made.and_then(|()| make(pair, End::Remote));
                }
                made.inspect_err(|_| self.close_channels())
            },
            move |end, event| {
                if let LinkEvent::DataChannel(channel) = event
                    && channel.label() == LABEL
                {
                    self.adopt(end, channel);
                }
            },
        );
    }

    /// Closes the channel and both peers. Neither tells its own page, so the states shown are
    /// set here.
    pub(crate) fn stop(self) {
        self.throughput.cancel();
        self.looking.set_value(None);
        self.close_channels();
        self.pair.stop();
        self.buffered.set(None);
        self.max_message_size.set(None);
        self.received_text.set(String::new());
    }

    fn close_channels(self) {
        for end in End::BOTH {
            if let Some(channel) = self.channel(end) {
                channel.close();
                self.end(end).note(DataChannelState::Closed);
            }
        }
        self.channels.set_value([None, None]);
    }

    pub(crate) fn send(self, message: Message) -> Result<(), Advice> {
        self.check_size(message.size() as u64)?;
        let result = match (self.channel(End::Local), &message) {
            (Some(channel), Message::Text(text)) => channel.send_text(text),
            (Some(channel), Message::Binary(bytes)) => channel.send_binary(bytes),
            (None, _) => Err(JsError::new("InvalidStateError", "there is no channel")),
        };
        result.map_err(|error| for_sending(&error))?;
        self.note_message(End::Local, true, &message);
        self.look();
        Ok(())
    }

    /// Refuses what is over `maxMessageSize`. The browsers do not agree on what happens beyond:
    /// an exception in Chromium, a closed channel in Firefox.
    pub(crate) fn check_size(self, size: u64) -> Result<(), Advice> {
        let connection = self.pair.connection(End::Local);
        let max = connection.and_then(|connection| connection.max_message_size());
        if let Some(advice) = max.and_then(|max| for_oversize(size, max)) {
            return Err(advice);
        }
        if size > LARGEST_SENT {
            return Err(Advice::new(
                format!("This page sends at most {LARGEST_SENT} bytes in one message, not {size}."),
                "The limit that the peers agreed on is higher, but Firefox never sends such a message, nor any after it. Send less; the channel is still open.",
            ));
        }
        Ok(())
    }

    /// Sends so many MiB as fast as the channel takes them, and measures.
    pub(crate) fn measure(self, mib: u32) {
        if let Some(channel) = self.channel(End::Local) {
            self.throughput.start(channel, mib);
        }
    }

    fn adopt(self, end: End, channel: DataChannel) {
        channel.on_state_change(move |state| self.note_state(end, state));
        channel.on_message(move |message| self.take_in(end, message));
        let state = channel.ready_state();
        self.channels.update_value(|channels| {
            channels[end as usize] = Some(Rc::new(channel));
        });
        self.note_state(end, state);
    }

    fn channel(self, end: End) -> Option<Rc<DataChannel>> {
        self.channels
            .try_with_value(|channels| channels[end as usize].clone())
            .flatten()
    }

    fn note_state(self, end: End, state: DataChannelState) {
        let Some(channel) = self.channel(end) else {
            return;
        };
        self.end(end).report.set(Some(channel.report()));
        self.end(end).note(state);
        if end == End::Local && state == DataChannelState::Open {
            let connection = self.pair.connection(End::Local);
            self.max_message_size
                .set(connection.and_then(|connection| connection.max_message_size()));
            self.look();
            let every = Interval::new(LOOK_EVERY_MS, move || self.look());
            self.looking
                .try_update_value(|looking| *looking = Some(every));
        }
    }

    fn look(self) {
        self.throughput.refresh();
        let channel = self.channel(End::Local).filter(|channel| channel.is_open());
        let buffered = channel.map(|channel| channel.buffered_amount());
        if self.buffered.try_get_untracked() != Some(buffered) {
            self.buffered.set(buffered);
        }
    }

    fn take_in(self, end: End, message: Message) {
        match &message {
            Message::Binary(bytes) if self.throughput.take_in(bytes) => return,
            Message::Binary(_) => {}
            Message::Text(text) => self.received_text.set(text.clone()),
        }
        self.note_message(end, false, &message);
    }

    fn note_message(self, end: End, sent: bool, message: &Message) {
        let (Some(id), Some(started)) =
            (self.next_id.try_get_value(), self.started.try_get_value())
        else {
            return;
        };
        self.next_id.set_value(id + 1);
        let row = MessageRow::new(id, now_ms() - started, end, sent, message);
        self.messages.update(|messages| {
            messages.insert(0, row);
            messages.truncate(SHOWN);
        });
    }
}

impl ChannelEnd {
    fn new() -> Self {
        Self {
            states: RwSignal::new(Vec::new()),
            report: RwSignal::new(None),
        }
    }

    /// Whether this is the state now; reactive.
    pub(crate) fn state_is(self, state: DataChannelState) -> bool {
        self.states.with(|states| states.last() == Some(&state))
    }

    fn note(self, state: DataChannelState) {
        self.states.update(|states| {
            if states.last() != Some(&state) {
                states.push(state);
            }
        });
    }
}
