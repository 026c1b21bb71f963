//! What a browser's console says.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::StreamExt;
use thirtyfour::bidi::BiDi;
use thirtyfour::bidi::events::LogEntryAdded;
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

/// The errors since the browser started: calls of `console.error`, exceptions that nobody
/// caught, and with them every panic of the page.
#[derive(Clone, Default)]
pub(crate) struct Console(Arc<Mutex<Vec<String>>>);

impl Console {
    pub(crate) async fn listen(bidi: &BiDi, kind: Kind) -> Outcome<Self> {
        let console = Self::default();
        let mut entries = bidi.subscribe::<LogEntryAdded>().await?;
        let heard = console.clone();
        // Ends with the browser.
        tokio::spawn(async move {
            while let Some(entry) = entries.next().await {
                let text = entry.text.unwrap_or_default();
                let ends = |with: &&str| text.trim_end().ends_with(with);
                let left = kind == Kind::Firefox && LEFT_WHILE_LOADING.iter().any(ends);
                if matches!(entry.level, LogLevel::Error) && !left {
                    heard.add(text);
                }
            }
        });
        Ok(console)
    }

    pub(crate) fn add(&self, text: String) {
        let mut errors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        errors.push(text);
    }

    pub(crate) fn clear(&self) {
        let mut errors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        errors.clear();
    }

    pub(crate) fn errors(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
