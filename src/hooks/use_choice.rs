//! Which of several connections is looked at: the same in all views of one inspector.

use leptos::prelude::*;

/// A connection by its number in the trace, and its title.
pub type Choice = (u32, String);

/// The connection that somebody chose, in whichever view.
#[derive(Clone, Copy)]
pub struct ChoiceHook(RwSignal<Option<u32>>);

/// Lets the views below the surrounding one share what [`use_choice`] tells.
pub fn provide_choice() {
    provide_context(ChoiceHook(RwSignal::new(None)));
}

/// See [`provide_choice`]; a choice of its own where none was provided.
pub fn use_choice() -> ChoiceHook {
    use_context().unwrap_or_else(|| ChoiceHook(RwSignal::new(None)))
}

impl ChoiceHook {
    /// Looks at this connection from now on.
    pub fn set(self, number: Option<u32>) {
        self.0.set(number);
    }

    /// The one that was chosen, whether it is there or not; reactive.
    pub fn get(self) -> Option<u32> {
        self.0.get()
    }

    /// The one that was chosen, while it is among `all`; else that which `otherwise` names.
    pub fn among(
        self,
        all: impl Into<Signal<Vec<Choice>>>,
        otherwise: impl Fn() -> Option<u32> + Send + Sync + 'static,
    ) -> Memo<Option<u32>> {
        let all = all.into();
        Memo::new(move |_| {
            let chosen = self
                .get()
                .filter(|chosen| all.with(|all| all.iter().any(|(number, _)| number == chosen)));
            chosen.or_else(&otherwise)
        })
    }
}
