//! A trace as a sequence diagram: which lines there are, where each entry stands on them, and
//! which entries a filter leaves. Pure.
//!
//! It grows entry by entry and costs nothing for what is already there, so that a view can follow
//! a trace of thousands of entries and draw only those in sight.

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use super::names::Names;
use crate::trace::{Direction, Entry, Kind, Payload};

/// The line of what this page does.
pub const PAGE: &str = "page";
/// The line of the signaling service.
pub const SERVICE: &str = "signaling";

/// Parts of the page that report under a name of their own.
const PARTS: [&str; 4] = [PAGE, "call", "speaker", SERVICE];

/// Where an entry stands; numbers are those of [`Ladder::lines`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// On one line.
    Mark(usize),
    /// From one line to another.
    Arrow { from: usize, to: usize },
}

/// An entry and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub entry: Entry,
    pub shape: Shape,
    /// The line of whoever told it.
    pub by: usize,
}

/// Which entries are to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    hidden: Vec<Kind>,
    /// In lower case.
    text: String,
}

impl Filter {
    /// Everything that is not of one of the `hidden` kinds and contains `text`, in whatever case.
    pub fn new(hidden: impl IntoIterator<Item = Kind>, text: &str) -> Self {
        Self {
            hidden: hidden.into_iter().collect(),
            text: text.trim().to_lowercase(),
        }
    }

    pub fn shows(&self, entry: &Entry) -> bool {
        if self.hidden.contains(&entry.kind) {
            return false;
        }
        let contains = |field: &str| field.to_lowercase().contains(&self.text);
        self.text.is_empty()
            || [&*entry.name, &entry.detail, &*entry.peer]
                .into_iter()
                .any(contains)
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self::new([], "")
    }
}

/// The diagram.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    lines: Vec<Arc<str>>,
    /// Those where somebody tells what happens at the other end of a connection of this page.
    told: BTreeSet<usize>,
    names: Names,
    /// Without gaps between their ids.
    rows: VecDeque<Row>,
    /// The ids that the filter leaves.
    visible: VecDeque<u64>,
    /// How many of them went since there is this filter.
    gone: usize,
    filter: Filter,
    /// The id after the last that was taken in.
    end: u64,
}

impl Ladder {
    /// From left to right, in the order of their first entry.
    pub fn lines(&self) -> &[Arc<str>] {
        &self.lines
    }

    /// What the lines are called, as people read it.
    pub fn titles(&self) -> Vec<String> {
        let titles = self.lines.iter().enumerate().map(|(index, line)| {
            let title = self.names.title(line);
            if self.told.contains(&index) {
                format!("{title}’s page")
            } else {
                title
            }
        });
        titles.collect()
    }

    /// What people are called.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Whether two sides tell, each of itself.
    pub fn has_two_sides(&self) -> bool {
        !self.told.is_empty()
    }

    /// How many rows that the filter leaves went for good, because the trace forgot them. Counted
    /// from the first of those, the place of a row never changes.
    pub fn gone(&self) -> usize {
        self.gone
    }

    /// How many rows the filter leaves.
    pub fn len(&self) -> usize {
        self.visible.len()
    }

    pub fn is_empty(&self) -> bool {
        self.visible.is_empty()
    }

    /// How many rows there are without a filter.
    pub fn total(&self) -> usize {
        self.rows.len()
    }

    /// Makes the ladder hold the entries with these ids, which have no gaps. `read` is asked for
    /// those that are not there yet.
    pub fn follow(
        &mut self,
        ids: Range<u64>,
        read: impl FnOnce(Range<u64>, &mut dyn FnMut(&Entry)),
    ) {
        if ids.end < self.end {
            while self.rows.back().is_some_and(|row| row.entry.id >= ids.end) {
                self.rows.pop_back();
            }
            while self.visible.back().is_some_and(|id| *id >= ids.end) {
                self.visible.pop_back();
            }
            self.end = ids.end;
        }
        while self
            .rows
            .front()
            .is_some_and(|row| row.entry.id < ids.start)
        {
            self.rows.pop_front();
        }
        while self.visible.front().is_some_and(|id| *id < ids.start) {
            self.visible.pop_front();
            self.gone += 1;
        }
        if self.rows.is_empty() {
            self.end = self.end.max(ids.start);
        }
        if self.end < ids.end {
            read(self.end..ids.end, &mut |entry| self.push(entry));
        }
    }

    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    pub fn set_filter(&mut self, filter: Filter) {
        let shown = self.rows.iter().map(|row| &row.entry);
        let shown = shown.filter(|entry| filter.shows(entry));
        self.visible = shown.map(|entry| entry.id).collect();
        self.gone = 0;
        self.filter = filter;
    }

    /// The rows at these places among those that the filter leaves.
    pub fn window(&self, places: Range<usize>) -> impl Iterator<Item = (usize, &Row)> {
        let ids = self.visible.iter().enumerate().skip(places.start);
        let ids = ids.take(places.end.saturating_sub(places.start));
        ids.filter_map(|(place, id)| Some((place, self.row(*id)?)))
    }

    /// The row of an entry, whether or not the filter leaves it.
    pub fn row(&self, id: u64) -> Option<&Row> {
        let first = self.rows.front()?.entry.id;
        self.rows.get(usize::try_from(id.checked_sub(first)?).ok()?)
    }

    /// Where the entry is among those that the filter leaves.
    pub fn place_of(&self, id: u64) -> Option<usize> {
        self.visible.binary_search(&id).ok()
    }

    /// The entry at this place, or the last before it.
    pub fn id_at(&self, place: usize) -> Option<u64> {
        let last = self.visible.len().checked_sub(1)?;
        self.visible.get(place.min(last)).copied()
    }

    fn push(&mut self, entry: &Entry) {
        self.names.learn(entry);
        let by = self.line(own_line(entry));
        let shape = self.place(entry, by);
        if leads_here(entry) {
            self.told.insert(by);
        }
        if self.filter.shows(entry) {
            self.visible.push_back(entry.id);
        }
        self.end = entry.id + 1;
        self.rows.push_back(Row {
            entry: entry.clone(),
            shape,
            by,
        });
    }

    fn place(&mut self, entry: &Entry, own: usize) -> Shape {
        let Some(Payload::Signal {
            direction, other, ..
        }) = entry.payload.as_deref()
        else {
            return Shape::Mark(own);
        };
        let other = self.line(other.as_deref().unwrap_or(SERVICE));
        if own == other {
            return Shape::Mark(own);
        }
        let (from, to) = match direction {
            Direction::Sent => (own, other),
            Direction::Received => (other, own),
        };
        Shape::Arrow { from, to }
    }

    fn line(&mut self, name: &str) -> usize {
        if let Some(found) = self.lines.iter().position(|line| &**line == name) {
            return found;
        }
        self.lines.push(Arc::from(name));
        self.lines.len() - 1
    }
}

/// Where whoever did it stands. What is done about a connection to somebody elsewhere is done here.
fn own_line(entry: &Entry) -> &str {
    let to = entry.connection.as_ref().and_then(|of| of.to.as_deref());
    if PARTS.contains(&&*entry.peer) || to == Some(&*entry.peer) {
        PAGE
    } else {
        &entry.peer
    }
}

/// Whether somebody else told it, of a connection to this page.
fn leads_here(entry: &Entry) -> bool {
    let of = entry.connection.as_ref();
    own_line(entry) != PAGE && of.is_some_and(|of| of.to.as_deref() == Some(PAGE))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::trace::{Trace, Tracer};

    fn trace() -> Trace {
        Trace::new(|| 0.0)
    }

    fn signal(tracer: &Tracer, direction: Direction, other: Option<&str>) {
        let payload = Payload::Signal {
            direction,
            other: other.map(str::to_owned),
            message: json!({}),
        };
        tracer.with(payload).signal("send", "offer");
    }

    fn ladder_of(trace: &Trace) -> Ladder {
        let mut ladder = Ladder::default();
        ladder.follow(trace.ids(), |ids, f| trace.each(ids, f));
        ladder
    }

    fn shapes(ladder: &Ladder) -> Vec<Shape> {
        ladder.window(0..99).map(|(_, row)| row.shape).collect()
    }

    #[test]
    fn two_peers_of_one_page_have_a_line_each_and_signals_between_them() {
        let trace = trace();
        let local = trace
            .tracer("localPeer")
            .toward("remotePeer")
            .for_connection();
        let remote = trace
            .tracer("remotePeer")
            .toward("localPeer")
            .for_connection();
        local.call("setLocalDescription", "offer");
        signal(&local, Direction::Sent, Some("remotePeer"));
        remote.call("setRemoteDescription", "offer");
        signal(&remote, Direction::Sent, Some("localPeer"));
        let ladder = ladder_of(&trace);
        assert_eq!(ladder.lines(), ["localPeer".into(), "remotePeer".into()]);
        assert_eq!(
            shapes(&ladder),
            [
                Shape::Mark(0),
                Shape::Arrow { from: 0, to: 1 },
                Shape::Mark(1),
                Shape::Arrow { from: 1, to: 0 },
            ]
        );
    }

    #[test]
    fn in_a_call_the_page_talks_to_the_service_and_to_others() {
        let trace = trace();
        trace.tracer("page").call("getUserMedia", "");
        let signaling = trace.tracer("signaling");
        signal(&signaling, Direction::Sent, None);
        signal(&signaling, Direction::Received, Some("ada"));
        // Reported under the name of the other end, but done here.
        let connection = trace.tracer("ada").toward("ada").for_connection();
        connection.call("setRemoteDescription", "offer");
        let ladder = ladder_of(&trace);
        assert_eq!(
            ladder.lines(),
            ["page".into(), "signaling".into(), "ada".into()]
        );
        assert_eq!(
            shapes(&ladder),
            [
                Shape::Mark(0),
                Shape::Arrow { from: 0, to: 1 },
                Shape::Arrow { from: 2, to: 0 },
                Shape::Mark(0),
            ]
        );
    }

    #[test]
    fn people_are_called_by_name_and_who_tells_has_a_page() {
        let trace = trace();
        let message = json!({ "type": "peerJoined", "peerId": "r0b1n", "name": "Robin" });
        let payload = Payload::Signal {
            direction: Direction::Received,
            other: None,
            message,
        };
        let signaling = trace.tracer("signaling");
        signaling.with(payload).signal("receive", "peerJoined");
        signal(&signaling, Direction::Sent, Some("r0b1n"));
        let titles = |trace: &Trace| ladder_of(trace).titles();
        assert_eq!(titles(&trace), ["this page", "signaling", "Robin"]);
        let there = trace.tracer("r0b1n").toward(PAGE).for_connection();
        there.call("setRemoteDescription", "offer");
        signal(&there, Direction::Received, Some(PAGE));
        assert_eq!(titles(&trace), ["this page", "signaling", "Robin’s page"]);
        let ladder = ladder_of(&trace);
        assert!(ladder.has_two_sides());
        let by: Vec<_> = ladder.window(0..9).map(|(_, row)| row.by).collect();
        assert_eq!(by, [0, 0, 2, 2]);
        // Sent from here, and received there.
        let arrow = Shape::Arrow { from: 0, to: 2 };
        assert_eq!(shapes(&ladder)[1..], [arrow, Shape::Mark(2), arrow]);
    }

    #[test]
    fn what_goes_at_the_front_leaves_every_other_row_where_it_was() {
        let trace = trace();
        for number in 0..10 {
            let tracer = trace.tracer("p");
            if number % 2 == 0 {
                tracer.call("x", "")
            } else {
                tracer.event("y", "")
            }
        }
        let mut ladder = Ladder::default();
        ladder.set_filter(Filter::new([Kind::Call], ""));
        let rows = |ladder: &Ladder| -> Vec<(usize, u64)> {
            let rows = ladder.window(0..99);
            rows.map(|(place, row)| (place + ladder.gone(), row.entry.id))
                .collect()
        };
        ladder.follow(0..8, |ids, f| trace.each(ids, f));
        let before = rows(&ladder);
        ladder.follow(4..10, |ids, f| trace.each(ids, f));
        assert_eq!(ladder.gone(), 2);
        let after = rows(&ladder);
        assert_eq!(after[..2], before[2..]);
        assert_eq!(after[2..], [(4, 9)]);
    }

    #[test]
    fn a_filter_leaves_kinds_and_words_and_what_comes_later_too() {
        let trace = trace();
        let tracer = trace.tracer("p");
        tracer.call("createOffer", "");
        tracer.event("icecandidate", "Candidate:1 UDP");
        let mut ladder = ladder_of(&trace);
        ladder.set_filter(Filter::new([Kind::Call], " udp"));
        assert_eq!((ladder.len(), ladder.total()), (1, 2));
        tracer.event("icecandidate", "candidate:2 udp");
        tracer.call("addIceCandidate", "udp");
        ladder.follow(trace.ids(), |ids, f| trace.each(ids, f));
        assert_eq!((ladder.len(), ladder.total()), (2, 4));
        assert_eq!(ladder.place_of(2), Some(1));
        assert_eq!(ladder.place_of(0), None);
        assert_eq!(ladder.id_at(99), Some(2));
    }

    proptest! {
        /// Whatever comes, goes, or is stepped back to, it is as if the ladder had been made anew.
        #[test]
        fn following_is_the_same_as_beginning_anew(
            steps in proptest::collection::vec((0_usize..40, 0_usize..40), 1..20),
            hidden in any::<bool>(),
        ) {
            let trace = trace();
            for number in 0..40 {
                let tracer = trace.tracer(["a", "b"][number % 2]);
                if number % 3 == 0 { tracer.call("x", "") } else { tracer.event("y", "") }
            }
            let filter = || Filter::new(hidden.then_some(Kind::Call), "");
            let mut ladder = Ladder::default();
            ladder.set_filter(filter());
            let mut start = 0;
            for (one, other) in steps {
                // The oldest entries never come back.
                start = start.max(one.min(other) as u64 / 2);
                let ids = start..start.max(one.max(other) as u64);
                ladder.follow(ids.clone(), |ids, f| trace.each(ids, f));
                let mut anew = Ladder::default();
                anew.set_filter(filter());
                anew.follow(ids, |ids, f| trace.each(ids, f));
                let of = |ladder: &Ladder| -> Vec<u64> {
                    ladder.window(0..99).map(|(_, row)| row.entry.id).collect()
                };
                prop_assert_eq!(of(&ladder), of(&anew));
                prop_assert_eq!(ladder.total(), anew.total());
            }
        }
    }
}
