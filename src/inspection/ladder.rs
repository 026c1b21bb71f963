//! A trace as a sequence diagram: which lines there are, where each entry stands on them, and
//! which entries a filter leaves. Pure.
//!
//! It grows entry by entry and costs nothing for what is already there, so that a view can follow
//! a trace of thousands of entries and draw only those in sight.

#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use super::connections::numeral;
use super::names::Names;
use crate::trace::vocabulary::{PAGE, Reporter, SERVICE};
use crate::trace::{Direction, Entry, Kind, Payload};

/// Where an entry stands; numbers are those of [`Ladder::titles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// On one line.
    Mark(usize),
    /// From one line to another.
    Arrow { from: usize, to: usize },
}

/// An entry and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) entry: Entry,
    pub(crate) shape: Shape,
    /// The line of who reported it.
    pub(crate) by: usize,
}

/// Which entries are to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    hidden: Vec<Kind>,
    /// In lower case.
    text: String,
}

impl Filter {
    /// Everything that is not of one of the `hidden` kinds and whose row contains `text`, in whatever
    /// case: what happened, with whom, and on which connection.
    pub(crate) fn new(hidden: impl IntoIterator<Item = Kind>, text: &str) -> Self {
        Self {
            hidden: hidden.into_iter().collect(),
            text: text.trim().to_lowercase(),
        }
    }

    /// `names` are those with which the row is shown.
    pub(crate) fn shows(&self, entry: &Entry, names: &Names) -> bool {
        if self.hidden.contains(&entry.kind) {
            return false;
        }
        if self.text.is_empty() {
            return true;
        }
        let about = entry.connection.as_ref();
        let about = about.map(|of| format!("#{}", numeral(of.number)));
        let other = match entry.payload.as_deref() {
            Some(Payload::Signal { other, .. }) => Some(other.as_deref().unwrap_or(SERVICE)),
            _ => None,
        };
        let detail = entry.detail.text();
        let row = [
            &*entry.name,
            &names.in_text(&detail),
            about.as_deref().unwrap_or_default(),
        ];
        let beside = [
            &*names.title(own_line(entry)),
            &*other.map(|other| names.title(other)).unwrap_or_default(),
            &*entry.peer,
            &*detail,
        ];
        let contains = |field: &str| field.to_lowercase().contains(&self.text);
        contains(&row.join(" ")) || beside.into_iter().any(contains)
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self::new([], "")
    }
}

/// The diagram.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ladder {
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
    #[cfg(test)]
    pub(crate) fn lines(&self) -> &[Arc<str>] {
        &self.lines
    }

    /// What the lines are called, as people read it.
    pub(crate) fn titles(&self) -> Vec<String> {
        let titles = self.lines.iter().enumerate().map(|(index, line)| {
            if self.told.contains(&index) {
                self.names.title_of_side(line)
            } else {
                self.names.title(line)
            }
        });
        titles.collect()
    }

    /// What people are called.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// Whether two sides tell, each of itself.
    pub(crate) fn has_two_sides(&self) -> bool {
        !self.told.is_empty()
    }

    /// How many rows that the filter leaves went for good, because the trace forgot them. Counted
    /// from the first of those, the place of a row never changes.
    pub(crate) fn gone(&self) -> usize {
        self.gone
    }

    /// How many rows the filter leaves.
    pub(crate) fn len(&self) -> usize {
        self.visible.len()
    }

    /// How many rows there are without a filter.
    pub(crate) fn total(&self) -> usize {
        self.rows.len()
    }

    /// Makes the ladder hold the entries with these ids, which have no gaps. `read` is asked for
    /// those that are not there yet.
    pub(crate) fn follow(
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

    pub(crate) fn set_filter(&mut self, filter: Filter) {
        self.filter = filter;
        self.gone = 0;
        self.find_visible();
    }

    fn find_visible(&mut self) {
        let shown = self.rows.iter().map(|row| &row.entry);
        let shown = shown.filter(|entry| self.filter.shows(entry, &self.names));
        self.visible = shown.map(|entry| entry.id).collect();
    }

    /// The rows at these places among those that the filter leaves.
    pub(crate) fn window(&self, places: Range<usize>) -> impl Iterator<Item = (usize, &Row)> {
        let ids = self.visible.iter().enumerate().skip(places.start);
        let ids = ids.take(places.end.saturating_sub(places.start));
        ids.filter_map(|(place, id)| Some((place, self.row(*id)?)))
    }

    /// The row of an entry, whether or not the filter leaves it.
    pub(crate) fn row(&self, id: u64) -> Option<&Row> {
        let first = self.rows.front()?.entry.id;
        self.rows.get(usize::try_from(id.checked_sub(first)?).ok()?)
    }

    /// Where the entry is among those that the filter leaves.
    pub(crate) fn place_of(&self, id: u64) -> Option<usize> {
        self.visible.binary_search(&id).ok()
    }

    /// The entry at this place, or the last before it.
    pub(crate) fn id_at(&self, place: usize) -> Option<u64> {
        let last = self.visible.len().checked_sub(1)?;
        self.visible.get(place.min(last)).copied()
    }

    fn push(&mut self, entry: &Entry) {
        if self.names.learn(entry) && !self.filter.text.is_empty() {
            self.find_visible();
        }
        let by = self.line(own_line(entry));
        let shape = self.place(entry, by);
        if leads_here(entry) {
            self.told.insert(by);
        }
        if self.filter.shows(entry, &self.names) {
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

/// Where the reporter stands. What is done about a connection to another page is done here.
fn own_line(entry: &Entry) -> &str {
    let to = entry.connection.as_ref().and_then(|of| of.to.as_deref());
    let is_part = matches!(Reporter::named(&entry.peer), Reporter::Part(_));
    if is_part || to == Some(&*entry.peer) {
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
