//! The data channels of one connection, by label.

use std::collections::BTreeMap;

use super::DataChannel;

/// At most one channel of each label; dropping it closes them all.
#[derive(Default)]
pub(crate) struct Channels(BTreeMap<String, Slot>);

#[derive(Default)]
struct Slot {
    /// Counts the channels that had this label.
    serial: u64,
    channel: Option<DataChannel>,
}

impl Channels {
    /// The serial of the next channel with this label, which tells it from earlier ones. From now on
    /// those are [past](Self::is_current).
    pub(crate) fn next_serial(&mut self, label: &str) -> u64 {
        let slot = self.0.entry(label.to_owned()).or_default();
        slot.serial += 1;
        slot.serial
    }

    /// Keeps a channel under its label, in place of any that was there, which is closed.
    pub(crate) fn insert(&mut self, channel: DataChannel) {
        let slot = self.0.entry(channel.label()).or_default();
        slot.channel = Some(channel);
    }

    pub(crate) fn get(&self, label: &str) -> Option<&DataChannel> {
        self.0.get(label)?.channel.as_ref()
    }

    /// That of a label, if messages can be sent over it now.
    pub(crate) fn open(&self, label: &str) -> Option<&DataChannel> {
        self.get(label).filter(|channel| channel.is_open())
    }

    /// Whether the newest channel of this label has this serial.
    pub(crate) fn is_current(&self, label: &str, serial: u64) -> bool {
        self.0.get(label).is_some_and(|slot| slot.serial == serial)
    }

    /// Closes all. Their serials stay current, so that what came over them before is still heard.
    pub(crate) fn clear(&mut self) {
        for slot in self.0.values_mut() {
            slot.channel = None;
        }
    }
}
