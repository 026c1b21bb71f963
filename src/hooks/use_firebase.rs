//! Which Firebase database is used, and what is seen of it, as signals.

use gloo_timers::callback::Interval;
use leptos::prelude::*;
use signaling_protocol::{RoomId, RoomKind};

use crate::hooks::use_stored;
use crate::lazy::lazy;
use crate::rtc::now_ms;
use crate::signaling::Signaling;
use crate::signaling::address::{InvalidAddress, http_root};
use crate::signaling::deferred::DeferredSignaling;
use crate::signaling::firebase::config::{Config, InvalidConfig};
use crate::signaling::firebase::watch::DatabaseView;
use crate::signaling::firebase::{Account, FirebaseSignaling, Keep};
use crate::trace::Tracer;

/// Makes the transport into a room.
pub(super) type EnterDatabase =
    fn(FirebaseHook, Config, RoomId, RoomKind, Tracer) -> Box<dyn Signaling>;

lazy!(pub(super) transport_firebase: EnterDatabase = FirebaseHook::enter);

/// How often ages are told anew.
const TICK_MS: u32 = 500;

/// The database of one page.
#[derive(Clone, Copy)]
pub struct FirebaseHook {
    /// A project's, kept in this browser; `None` is the embedded one.
    pub(crate) project: Memo<Option<Config>>,
    /// Whether messages to us stay in the database after we have read them.
    pub keep: RwSignal<bool>,
    /// What the transport tells of the database.
    pub view: RwSignal<DatabaseView>,
    stored: RwSignal<String>,
    embedded: StoredValue<Result<Config, InvalidAddress>>,
    /// Who we are in which database, for as long as the page is open.
    account: StoredValue<Option<(Config, Account)>, LocalStorage>,
    /// The newest call's.
    kept: StoredValue<Option<Keep>, LocalStorage>,
}

/// What was chosen in this browser, else the database in the signaling server `server`, which is
/// named by its WebSocket address.
pub(crate) fn use_firebase(server: Result<String, InvalidAddress>) -> FirebaseHook {
    let stored = use_stored("firebase");
    let hook = FirebaseHook {
        // What an earlier version stored and this one does not understand is as good as nothing.
        project: Memo::new(move |_| stored.with(|text| Config::parse(text).ok())),
        keep: RwSignal::new(false),
        view: RwSignal::new(DatabaseView::default()),
        stored,
        embedded: StoredValue::new(server.map(|server| Config::embedded(&http_root(&server)))),
        account: StoredValue::new_local(None),
        kept: StoredValue::new_local(None),
    };
    Effect::new(move || {
        let keep = hook.keep.get();
        hook.kept.with_value(|kept| {
            if let Some(kept) = kept {
                kept.set(keep);
            }
        });
    });
    hook
}

impl FirebaseHook {
    /// The database to use; reactive.
    pub(crate) fn database(self) -> Result<Config, InvalidAddress> {
        match self.project.get() {
            Some(project) => Ok(project),
            None => self.embedded.get_value(),
        }
    }

    /// From now on, the one that somebody pasted.
    pub(crate) fn use_pasted(self, text: &str) -> Result<(), InvalidConfig> {
        let config = Config::parse(text)?;
        self.stored.set(config.to_json());
        Ok(())
    }

    pub(crate) fn use_embedded(self) {
        self.stored.set(String::new());
    }

    /// The way into a room through the database; none where the address of the embedded one
    /// cannot be used.
    pub(super) fn signaling(
        self,
        room: RoomId,
        kind: RoomKind,
        tracer: Tracer,
    ) -> Option<DeferredSignaling<EnterDatabase>> {
        let config = untrack(|| self.database()).ok()?;
        let enter = move |enter: EnterDatabase| enter(self, config, room, kind, tracer);
        Some(DeferredSignaling::new(transport_firebase, enter))
    }

    fn enter(
        self,
        config: Config,
        room: RoomId,
        kind: RoomKind,
        tracer: Tracer,
    ) -> Box<dyn Signaling> {
        let known = self.account.with_value(|account| match account {
            Some((of, account)) if *of == config => Some(account.clone()),
            _ => None,
        });
        let account = known.unwrap_or_else(|| Account::new(config.clone()));
        self.account.set_value(Some((config, account.clone())));
        let view = self.view;
        let watch =
            move |change: &mut dyn FnMut(&mut DatabaseView)| view.update(|view| change(view));
        let signaling = FirebaseSignaling::new(account, room, kind, Box::new(watch), tracer);
        let keep = signaling.keep();
        keep.set(self.keep.get_untracked());
        self.kept.set_value(Some(keep));
        Box::new(signaling)
    }

    /// The time, while the surrounding view is there; what is gone for long enough goes out of it.
    pub(crate) fn use_clock(self) -> RwSignal<f64> {
        let now = RwSignal::new(now_ms());
        let ticking = Interval::new(TICK_MS, move || {
            let time = now_ms();
            now.set(time);
            let deadline = self.view.try_with_untracked(DatabaseView::deadline);
            if deadline.flatten().is_some_and(|at| at <= time) {
                self.view.update(|view| view.handle_timeout(time));
            }
        });
        // Clears the timer together with the view.
        StoredValue::new_local(ticking);
        now
    }
}
