//! Who records the call: nobody is recorded without seeing it.

use leptos::prelude::*;

use super::people::{display_name, list};
use crate::hooks::CallHook;

/// The others who record.
#[component]
pub(crate) fn RecordingMark(call: CallHook) -> impl IntoView {
    let names = Memo::new(move |_| {
        call.view.with(|view| {
            let peers = view.iter().flat_map(|view| &view.participants);
            let recording = peers.filter(|peer| peer.is_recording);
            let names = recording.map(|peer| display_name(&peer.name, &peer.id));
            names.collect::<Vec<_>>()
        })
    });
    let text = move || names.with(|names| sentence(names));
    // The element is there before there is something to say, or screen readers would not say it.
    view! {
        <p class="recording-mark" role="status">
            {text}
        </p>
    }
}

fn sentence(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("{one} is recording this call."),
        several => format!("{} are recording this call.", list(several)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_who_records() {
        let names: Vec<_> = ["Kim", "Robin"].map(str::to_owned).into();
        assert_eq!(sentence(&[]), "");
        assert_eq!(sentence(&names[..1]), "Kim is recording this call.");
        assert_eq!(sentence(&names), "Kim and Robin are recording this call.");
    }
}
