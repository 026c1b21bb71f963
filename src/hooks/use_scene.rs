//! Two people in one page, and somebody in the middle of their signaling if one likes.

use futures_channel::mpsc;
use futures_util::StreamExt;
use futures_util::future::{Either, FutureExt, LocalBoxFuture, select};
use leptos::prelude::*;
use web_sys::{MediaStream, MediaStreamTrack};

use crate::advice::{Advice, for_connection, for_loading};
use crate::error::JsError;
use crate::hooks::use_lazy::prefetch;
use crate::hooks::use_verification::Watched;
use crate::hooks::{PageTrace, TaskSlot, use_task};
use crate::lab::middle::{Party, Scene, SceneEvent};
use crate::lazy::lazy;
use crate::rtc::constraints::{Constrain, MediaRequest, VideoRequest};
use crate::rtc::media::{self, LocalMedia};
use crate::trace::Tracer;

/// What one party of the scene shows.
#[derive(Clone, Copy)]
pub(crate) struct PartyHook {
    /// Its connection, while there is one.
    pub(crate) connection: RwSignal<Option<Watched>, LocalStorage>,
    /// What arrives there.
    pub(crate) received: RwSignal<Option<MediaStream>, LocalStorage>,
    pub(crate) heard: RwSignal<Vec<String>>,
}

/// The whole scene.
#[derive(Clone, Copy)]
pub(crate) struct SceneHook {
    /// Whether there is an attacker: now, if it runs, or next time.
    pub(crate) attack: RwSignal<bool>,
    pub(crate) running: RwSignal<bool>,
    pub(crate) advice: RwSignal<Option<Advice>>,
    pub(crate) alice: PartyHook,
    pub(crate) bob: PartyHook,
    pub(crate) towards_alice: PartyHook,
    pub(crate) towards_bob: PartyHook,
    /// Whether the one that runs has an attacker.
    attacked: StoredValue<bool>,
    say: StoredValue<Option<mpsc::UnboundedSender<(Party, String)>>>,
    driving: TaskSlot,
    trace: PageTrace,
}

type Said = mpsc::UnboundedReceiver<(Party, String)>;
type Drive = fn(SceneHook, bool, Said) -> LocalBoxFuture<'static, Option<Advice>>;

// A page that is only read connects nobody.
lazy!(load_scene: Drive = |hook, attacked, said| hook.drive(attacked, said).boxed_local());

/// No peers yet; their code loads in the background. Switching the attack on or off in a running scene
/// begins a new one: a connection keeps the certificate with which it was made.
pub(crate) fn use_scene(trace: PageTrace) -> SceneHook {
    let hook = SceneHook {
        attack: RwSignal::new(false),
        running: RwSignal::new(false),
        advice: RwSignal::new(None),
        alice: PartyHook::new(),
        bob: PartyHook::new(),
        towards_alice: PartyHook::new(),
        towards_bob: PartyHook::new(),
        attacked: StoredValue::new(false),
        say: StoredValue::new(None),
        driving: use_task(),
        trace,
    };
    use_task().run(prefetch(load_scene));
    Effect::new(move |_| {
        let attack = hook.attack.get();
        if hook.running.get_untracked() && hook.attacked.get_value() != attack {
            hook.start();
        }
    });
    hook
}

impl SceneHook {
    pub(crate) fn party(self, party: Party) -> PartyHook {
        match party {
            Party::Alice => self.alice,
            Party::TowardsAlice => self.towards_alice,
            Party::TowardsBob => self.towards_bob,
            Party::Bob => self.bob,
        }
    }

    /// Connects the two, until [`Self::stop`] or until the page is left.
    pub(crate) fn start(self) {
        self.stop();
        self.advice.set(None);
        let attacked = self.attack.get_untracked();
        self.attacked.set_value(attacked);
        let (say, said) = mpsc::unbounded();
        self.say.set_value(Some(say));
        self.running.set(true);
        self.driving.run(async move {
            let advice = match load_scene().await {
                Ok(drive) => drive(self, attacked, said).await,
                Err(_) => Some(for_loading("The code for connections")),
            };
            if advice.is_some() {
                self.advice.set(advice);
                self.running.set(false);
            }
        });
    }

    /// Runs a scene, with what people say in it. Advice where it cannot be made.
    async fn drive(self, attacked: bool, mut said: Said) -> Option<Advice> {
        let trace = self.trace.get();
        let begun = || -> Result<_, JsError> {
            let alice = video("Alice", 320, trace.tracer(Party::Alice.name()))?;
            let bob = video("Bob", 240, trace.tracer(Party::Bob.name()))?;
            let scene = Scene::new(attacked, alice.stream(), bob.stream(), &trace)?;
            Ok((scene, [alice, bob]))
        };
        // The videos are sent as long as this goes on.
        let (mut scene, _videos) = match begun() {
            Ok(begun) => begun,
            Err(error) => return Some(for_connection(&error)),
        };
        for party in scene.parties() {
            if let Some(connection) = scene.connection(party) {
                let watched = (connection.clone().into(), connection.states());
                self.party(party).connection.set(Some(watched));
            }
        }
        loop {
            let next = {
                let event = Box::pin(scene.next());
                match select(event, said.next()).await {
                    Either::Left((event, _)) => Either::Left(event),
                    Either::Right((said, _)) => Either::Right(said),
                }
            };
            match next {
                Either::Left(event) => self.show(event),
                Either::Right(Some((party, text))) => {
                    if let Err(error) = scene.say(party, text) {
                        self.advice.set(Some(for_connection(&error)));
                    }
                }
                Either::Right(None) => return None,
            }
        }
    }

    /// Ends it; all connections are closed.
    pub(crate) fn stop(self) {
        self.driving.cancel();
        self.say.set_value(None);
        for party in [
            Party::Alice,
            Party::TowardsAlice,
            Party::TowardsBob,
            Party::Bob,
        ] {
            let hook = self.party(party);
            hook.connection.set(None);
            hook.received.set(None);
            hook.heard.set(Vec::new());
        }
        self.running.set(false);
    }

    /// One of the people writes something.
    pub(crate) fn say(self, party: Party, text: String) {
        self.say.with_value(|say| {
            if let Some(say) = say {
                // A scene that is over hears nothing.
                drop(say.unbounded_send((party, text)));
            }
        });
    }

    fn show(self, event: SceneEvent) {
        match event {
            SceneEvent::States(party, states) => self.party(party).connection.update(|watched| {
                if let Some((_, known)) = watched {
                    *known = states;
                }
            }),
            SceneEvent::Track(party, track) => add(self.party(party).received, &track),
            SceneEvent::Heard(party, text) => {
                self.party(party).heard.update(|heard| heard.push(text));
            }
            SceneEvent::Failed(error) => self.advice.set(Some(for_connection(&error))),
        }
    }
}

impl PartyHook {
    fn new() -> Self {
        Self {
            connection: RwSignal::new_local(None),
            received: RwSignal::new_local(None),
            heard: RwSignal::new(Vec::new()),
        }
    }
}

/// With the person's name in it, or nobody could tell whose video arrives where. Small: four of
/// them are encoded at once when somebody is in the middle.
fn video(name: &'static str, width: u32, tracer: Tracer) -> Result<LocalMedia, JsError> {
    let request = MediaRequest {
        video: Some(VideoRequest {
            width: Some(Constrain::Ideal(width)),
            height: Some(Constrain::Ideal(240)),
            frame_rate: Some(Constrain::Ideal(15)),
            ..VideoRequest::default()
        }),
        audio: None,
    };
    media::synthesize_named(name, &request, tracer)
}

/// In a new stream object, so that the view notices.
fn add(received: RwSignal<Option<MediaStream>, LocalStorage>, track: &MediaStreamTrack) {
    let stream = match received.get_untracked() {
        Some(stream) => MediaStream::new_with_stream(&stream),
        None => MediaStream::new(),
    };
    // Making an empty stream fails in no browser that got as far as a track.
    if let Ok(stream) = stream {
        stream.add_track(track);
        received.set(Some(stream));
    }
}
