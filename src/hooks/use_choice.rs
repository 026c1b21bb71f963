//! Which of several connections is looked at: the same in all views of one inspector.

use leptos::prelude::*;

use super::InspectedTrace;
use crate::inspection::choice::looked_at;
use crate::inspection::descriptions::Descriptions;
use crate::inspection::paths::Paths;

/// A connection by its number in the trace, and its title.
pub(crate) type Choice = (u32, String);

/// The connection that somebody chose, in whichever view, among those of which the entries tell.
#[derive(Clone, Copy)]
pub(crate) struct ChoiceHook {
    chosen: RwSignal<Option<u32>>,
    paths: StoredValue<Paths>,
    descriptions: StoredValue<Descriptions>,
    paths_version: RwSignal<u64>,
    descriptions_version: RwSignal<u64>,
}

/// Lets the views below the surrounding one share what [`use_choice`] tells.
pub(crate) fn provide_choice(inspected: InspectedTrace) {
    provide_context(ChoiceHook::of(inspected));
}

/// See [`provide_choice`]; a choice of its own where none was provided.
pub(crate) fn use_choice(inspected: InspectedTrace) -> ChoiceHook {
    use_context().unwrap_or_else(|| ChoiceHook::of(inspected))
}

impl ChoiceHook {
    fn of(inspected: InspectedTrace) -> Self {
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

    fn follow(self, inspected: InspectedTrace, anew: bool) {
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
    pub(crate) fn set(self, number: Option<u32>) {
        self.chosen.set(number);
    }

    /// The one that was chosen, whether it is there or not; reactive.
    pub(crate) fn get(self) -> Option<u32> {
        self.chosen.get()
    }

    /// The ways of all connections; reactive.
    pub(crate) fn paths<R>(self, f: impl FnOnce(&Paths) -> R) -> R {
        self.paths_version.track();
        self.paths.with_value(f)
    }

    /// What was exchanged; reactive.
    pub(crate) fn descriptions<R>(self, f: impl FnOnce(&Descriptions) -> R) -> R {
        self.descriptions_version.track();
        self.descriptions.with_value(f)
    }

    /// The one of `all` at which a view looks, see [`looked_at`].
    pub(crate) fn among(self, all: impl Into<Signal<Vec<Choice>>>) -> Memo<Option<u32>> {
        let all = all.into();
        Memo::new(move |_| {
            let chosen = self.get();
            let there: Vec<u32> = all.with(|all| all.iter().map(|(number, _)| *number).collect());
            self.paths(|paths| {
                self.descriptions(|descriptions| looked_at(&there, chosen, paths, descriptions))
            })
        })
    }
}
