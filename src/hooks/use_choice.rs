//! Which of several connections is looked at: the same in all views of one inspector.

use leptos::prelude::*;

use super::Inspected;
use crate::inspection::descriptions::Descriptions;
use crate::inspection::paths::Paths;

/// A connection by its number in the trace, and its title.
pub type Choice = (u32, String);

/// The connection that somebody chose, in whichever view, among those of which the entries tell.
#[derive(Clone, Copy)]
pub struct ChoiceHook {
    chosen: RwSignal<Option<u32>>,
    paths: StoredValue<Paths>,
    descriptions: StoredValue<Descriptions>,
    paths_version: RwSignal<u64>,
    descriptions_version: RwSignal<u64>,
}

/// Lets the views below the surrounding one share what [`use_choice`] tells.
pub fn provide_choice(inspected: Inspected) {
    provide_context(ChoiceHook::of(inspected));
}

/// See [`provide_choice`]; a choice of its own where none was provided.
pub fn use_choice(inspected: Inspected) -> ChoiceHook {
    use_context().unwrap_or_else(|| ChoiceHook::of(inspected))
}

impl ChoiceHook {
    fn of(inspected: Inspected) -> Self {
        let choice = Self {
            chosen: RwSignal::new(None),
            paths: StoredValue::default(),
            descriptions: StoredValue::default(),
            paths_version: RwSignal::new(0),
            descriptions_version: RwSignal::new(0),
        };
        let frames = inspected.frames();
        Effect::new(move |earlier: Option<u64>| {
            frames.track();
            let generation = inspected.generation();
            let anew = earlier.is_some_and(|earlier| earlier != generation);
            choice.follow(inspected, anew);
            generation
        });
        choice
    }

    fn follow(self, inspected: Inspected, anew: bool) {
        self.paths.update_value(|paths| {
            if anew {
                *paths = Paths::default();
            }
            paths.follow(inspected.ids(), |ids, f| inspected.each(ids, f));
        });
        self.paths_version.update(|version| *version += 1);
        let changed = self.descriptions.try_update_value(|descriptions| {
            if anew {
                *descriptions = Descriptions::default();
            }
            descriptions.follow(inspected.ids(), |ids, f| inspected.each(ids, f)) || anew
        });
        if changed == Some(true) {
            self.descriptions_version.update(|version| *version += 1);
        }
    }

    /// Looks at this connection from now on.
    pub fn set(self, number: Option<u32>) {
        self.chosen.set(number);
    }

    /// The one that was chosen, whether it is there or not; reactive.
    pub fn get(self) -> Option<u32> {
        self.chosen.get()
    }

    /// The ways of all connections; reactive.
    pub fn paths<R>(self, f: impl FnOnce(&Paths) -> R) -> R {
        self.paths_version.track();
        self.paths.with_value(f)
    }

    /// What was exchanged; reactive.
    pub fn descriptions<R>(self, f: impl FnOnce(&Descriptions) -> R) -> R {
        self.descriptions_version.track();
        self.descriptions.with_value(f)
    }

    /// Among `all` the one that was chosen, or its other end; until somebody chose one of them the
    /// first that is open, or the last.
    pub fn among(self, all: impl Into<Signal<Vec<Choice>>>) -> Memo<Option<u32>> {
        let all = all.into();
        Memo::new(move |_| {
            let chosen = self.get();
            let other_end = || {
                let chosen = chosen?;
                self.descriptions(|all| all.other_end(chosen))
            };
            let first_open = || self.paths(Paths::first_open);
            all.with(|all| {
                let is_there = |number: &u32| all.iter().any(|(there, _)| there == number);
                let chosen = chosen.filter(is_there);
                let chosen = chosen.or_else(|| other_end().filter(is_there));
                let found = chosen.or_else(|| first_open().filter(is_there));
                found.or_else(|| all.last().map(|(number, _)| *number))
            })
        })
    }
}
