//! What a browser's console says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt;
use thirtyfour::bidi::BiDi;
use thirtyfour::bidi::events::{Load, LogEntryAdded, NavigationFailed, NavigationStarted};
use thirtyfour::bidi::modules::log::LogLevel;

use crate::Outcome;
use crate::settings::Kind;

/// What Firefox writes down for each part of the program that a page was loading when it was left.
const LEFT_WHILE_LOADING: [&str; 3] = [
    "AbortError: The operation was aborted.",
    "TypeError: NetworkError when attempting to fetch resource.",
    // After the address of the part.
    "A ServiceWorker intercepted the request and encountered an unexpected error.",
];

/// What Chromium makes of an exception that a page writes down. Its own log has it in words.
const WORDLESS: &str = "error";

/// The errors since the browser started: calls of `console.error`, exceptions that nobody
/// caught, and with them every panic of the page.
#[derive(Clone, Default)]
pub(crate) struct Console(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    errors: Vec<String>,
    /// Those that mean nothing if a page was being left then, by the browser's clock.
    perhaps_of_leaving: Vec<(u64, String)>,
    navigations: Navigations,
}

impl Console {
    pub(crate) async fn listen(bidi: &BiDi, kind: Kind) -> Outcome<Self> {
        let console = Self::default();
        let mut entries = bidi.subscribe::<LogEntryAdded>().await?;
        let heard = console.clone();
        // Ends with the browser.
        tokio::spawn(async move {
            while let Some(entry) = entries.next().await {
                if matches!(entry.level, LogLevel::Error) {
                    heard.note(kind, entry.timestamp, entry.text.unwrap_or_default());
                }
            }
        });
        if kind == Kind::Firefox {
            console.watch_navigations(bidi).await?;
        }
        Ok(console)
    }

    async fn watch_navigations(&self, bidi: &BiDi) -> Outcome {
        let began = bidi.subscribe::<NavigationStarted>().await?;
        let loaded = bidi.subscribe::<Load>().await?;
        let failed = bidi.subscribe::<NavigationFailed>().await?;
        let heard = self.clone();
        tokio::spawn(began.for_each(move |event| {
            let context = event.context.to_string();
            heard.heard().navigations.begin(context, event.timestamp);
            std::future::ready(())
        }));
        let ended = [
            loaded.map(|event| (event.context, event.timestamp)).boxed(),
            failed.map(|event| (event.context, event.timestamp)).boxed(),
        ];
        let heard = self.clone();
        tokio::spawn(futures_util::stream::select_all(ended).for_each(
            move |(context, timestamp)| {
                let mut heard = heard.heard();
                heard.navigations.end(&context.to_string(), timestamp);
                std::future::ready(())
            },
        ));
        Ok(())
    }

    fn note(&self, kind: Kind, at: u64, text: String) {
        let ends = |with: &&str| text.trim_end().ends_with(with);
        match kind {
            Kind::Chrome if text == WORDLESS => {}
            Kind::Firefox if LEFT_WHILE_LOADING.iter().any(ends) => {
                self.heard().perhaps_of_leaving.push((at, text));
            }
            _ => self.add(text),
        }
    }

    pub(crate) fn add(&self, text: String) {
        self.heard().errors.push(text);
    }

    pub(crate) fn clear(&self) {
        *self.heard() = Heard::default();
    }

    pub(crate) fn errors(&self) -> Vec<String> {
        let heard = self.heard();
        let others = heard.perhaps_of_leaving.iter();
        let others = others.filter(|(at, _)| !heard.navigations.is_leaving(*at));
        let others = others.map(|(_, text)| text.clone());
        heard.errors.iter().cloned().chain(others).collect()
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// When which tab left a page for another, in milliseconds by the browser's clock.
#[derive(Default)]
struct Navigations(Vec<Navigation>);

struct Navigation {
    tab: String,
    began: u64,
    ended: Option<u64>,
}

impl Navigations {
    fn begin(&mut self, tab: String, began: u64) {
        let ended = None;
        self.0.push(Navigation { tab, began, ended });
    }

    fn end(&mut self, tab: &str, at: u64) {
        let of_tab = self.0.iter_mut().filter(|navigation| navigation.tab == tab);
        for navigation in of_tab.filter(|navigation| navigation.ended.is_none()) {
            navigation.ended = Some(at);
        }
    }

    fn is_leaving(&self, at: u64) -> bool {
        let mut navigations = self.0.iter();
        navigations.any(|it| it.began <= at && it.ended.is_none_or(|ended| at <= ended))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_aborted_means_nothing_only_while_a_page_is_left() {
        let console = Console::default();
        console.heard().navigations.begin("tab".to_owned(), 10);
        console.heard().navigations.end("other tab", 12);
        console.heard().navigations.end("tab", 20);
        let aborted = LEFT_WHILE_LOADING[0];
        for at in [5, 15, 25] {
            console.note(Kind::Firefox, at, aborted.to_owned());
        }
        console.note(Kind::Firefox, 15, "panicked".to_owned());
        assert_eq!(console.errors(), ["panicked", aborted, aborted]);
        console.clear();
        console.note(Kind::Chrome, 15, aborted.to_owned());
        assert_eq!(console.errors(), [aborted]);
    }
}
