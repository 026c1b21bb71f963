//! The text of a page: what the page has in itself where the build wrote it, and is loaded otherwise.

use leptos::prelude::*;

use super::written_page::written_prose;
use crate::hooks::use_task;
use crate::lazy::{LoadError, Loading, lazy};
use crate::routes;
use crate::text::{self, Prose};

lazy!(text_introduction: Prose = text::prose::INTRODUCTION);
lazy!(text_media_stream: Prose = text::prose::MEDIA_STREAM);
lazy!(text_browsers: Prose = text::prose::BROWSERS);
lazy!(text_peer_connection: Prose = text::prose::PEER_CONNECTION);
lazy!(text_data_channel: Prose = text::prose::DATA_CHANNEL);
lazy!(text_call: Prose = text::prose::CALL);
lazy!(text_nat: Prose = text::prose::NAT);
lazy!(text_mesh: Prose = text::prose::MESH);
lazy!(text_firebase: Prose = text::prose::FIREBASE);
lazy!(text_firebase_mesh: Prose = text::prose::FIREBASE_MESH);
lazy!(text_security: Prose = text::prose::SECURITY);
lazy!(text_glossary: Prose = text::prose::GLOSSARY);
lazy!(text_sources: Prose = text::prose::SOURCES);

/// The text of the page at this path, if it has one.
fn load_prose(path: &str) -> Option<Loading<Prose>> {
    Some(match path {
        routes::INTRODUCTION => text_introduction(),
        routes::MEDIA_STREAM => text_media_stream(),
        routes::BROWSERS => text_browsers(),
        routes::PEER_CONNECTION => text_peer_connection(),
        routes::DATA_CHANNEL => text_data_channel(),
        routes::CALL => text_call(),
        routes::NAT => text_nat(),
        routes::MESH => text_mesh(),
        routes::FIREBASE => text_firebase(),
        routes::FIREBASE_MESH => text_firebase_mesh(),
        routes::SECURITY => text_security(),
        routes::GLOSSARY => text_glossary(),
        routes::SOURCES => text_sources(),
        _ => return None,
    })
}

/// Has the text at hand before the page is shown, so that nothing in it moves.
pub(crate) async fn prepare_prose(path: &str) -> Result<(), LoadError> {
    match load_prose(path) {
        Some(prose) if written_prose().is_none() => prose.await.map(drop),
        _ => Ok(()),
    }
}

/// HTML before and after the demo.
#[derive(Clone, Default)]
pub(crate) struct PageProse {
    pub(crate) before: String,
    pub(crate) after: String,
}

/// The text of the page at this path.
pub(crate) fn use_prose(path: &'static str) -> RwSignal<PageProse> {
    let task = use_task();
    let prose = RwSignal::new(PageProse::default());
    if let Some([before, after]) = written_prose() {
        prose.set(PageProse { before, after });
    } else if let Some(load) = load_prose(path) {
        task.run(async move {
            // It is there: without it the page is not shown.
            if let Ok(Prose { before, after }) = load.await {
                prose.set(PageProse {
                    before: before.to_owned(),
                    after: after.to_owned(),
                });
            }
        });
    }
    prose
}
