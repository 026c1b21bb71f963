//! Which chapters somebody has finished, and where they stopped reading.
//!
//! Pure: knows how that is written down as text, not where the text is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One person's way through the tour. Pages are named by their paths, sections by their anchors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    finished: BTreeSet<String>,
    places: BTreeMap<String, String>,
    last: Option<String>,
}

impl Progress {
    /// Reads what its `Display` wrote. Lines that it did not write are passed over: the
    /// text was kept by a browser, and by another version of the tour.
    pub(crate) fn parse(text: &str) -> Self {
        let mut progress = Self::default();
        for line in text.lines() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["finished", path] => {
                    progress.finished.insert(path.to_owned());
                }
                ["at", path, section] => {
                    progress.places.insert(path.to_owned(), section.to_owned());
                }
                ["last", path] => progress.last = Some(path.to_owned()),
                _ => {}
            }
        }
        progress
    }

    pub(crate) fn is_finished(&self, path: &str) -> bool {
        self.finished.contains(path)
    }

    pub(crate) fn set_finished(&mut self, path: &str, finished: bool) {
        if finished {
            self.finished.insert(path.to_owned());
        } else {
            self.finished.remove(path);
        }
    }

    /// The section of a page that was read last.
    pub(crate) fn place(&self, path: &str) -> Option<&str> {
        self.places.get(path).map(String::as_str)
    }

    /// Somebody reads this page; in this section, unless it is still above the first.
    pub(crate) fn set_place(&mut self, path: &str, section: Option<&str>) {
        self.last = Some(path.to_owned());
        match section {
            Some(section) => self.places.insert(path.to_owned(), section.to_owned()),
            None => self.places.remove(path),
        };
    }

    /// The page that was read last.
    pub(crate) fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for path in &self.finished {
            writeln!(f, "finished {path}")?;
        }
        for (path, section) in &self.places {
            writeln!(f, "at {path} {section}")?;
        }
        match &self.last {
            Some(path) => writeln!(f, "last {path}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_chapter_can_be_taken_back() {
        let mut progress = Progress::default();
        progress.set_finished("/call", true);
        assert!(progress.is_finished("/call"));
        progress.set_finished("/call", false);
        assert_eq!(progress, Progress::default());
    }

    #[test]
    fn the_top_of_a_page_is_no_section() {
        let mut progress = Progress::default();
        progress.set_place("/call", Some("rooms"));
        progress.set_place("/nat", Some("stun"));
        progress.set_place("/call", None);
        assert_eq!(progress.place("/call"), None);
        assert_eq!(progress.place("/nat"), Some("stun"));
        assert_eq!(progress.last(), Some("/call"));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(
            steps in prop::collection::vec(
                ("/[a-z/-]{1,12}", prop::option::of("[a-zé0-9-]{1,12}"), any::<bool>()), 0..20),
        ) {
            let mut progress = Progress::default();
            for (path, section, finished) in steps {
                progress.set_finished(&path, finished);
                progress.set_place(&path, section.as_deref());
            }
            prop_assert_eq!(Progress::parse(&progress.to_string()), progress);
        }

        #[test]
        fn any_text_is_read(text in "\\PC*(\n\\PC*){0,4}") {
            let read = Progress::parse(&text);
            prop_assert_eq!(Progress::parse(&read.to_string()), read);
        }
    }
}
