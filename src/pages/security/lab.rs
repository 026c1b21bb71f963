//! Two people, and somebody in the middle of their signaling: the page itself.

use leptos::prelude::*;

use crate::components::{Negotiated, Notice, StateBadge, Switch, VerificationView, VideoTile};
use crate::hooks::{PartyHook, SceneHook, use_verification};
use crate::lab::middle::Party;
use crate::states::ConnectionState;
use crate::verification::{NoCode, Verification, VerificationCode};

/// No other page needs it.
const STYLE: &str = include_str!("../../../style/lab.css");

#[component]
pub(crate) fn Lab(scene: SceneHook) -> impl IntoView {
    let codes = [scene.alice, scene.bob].map(|person| use_verification(person.connection.into()));
    let comparison = Signal::derive(move || {
        let [alice, bob] = codes.map(|code| code.get().and_then(Result::ok).map(|told| told.code));
        Some(comparison(alice?, bob?))
    });
    let attacked = move || scene.attack.get();
    view! {
        <style>{STYLE}</style>
        <section class="demo" aria-labelledby="demo-title">
            <h2 id="demo-title">"Be the attacker"</h2>
            <p>
                "Alice and Bob are two real peer connections in this page, each with a synthetic camera that draws its name. Their signals pass through the page. With the attack on, it keeps them, and answers both with connections of its own."
            </p>
            <div class="toolbar" role="group" aria-label="The call">
                <button
                    type="button"
                    class="primary"
                    disabled=move || scene.running.get()
                    on:click=move |_| scene.start()
                >
                    "Connect Alice and Bob"
                </button>
                <button
                    type="button"
                    class="danger"
                    disabled=move || !scene.running.get()
                    on:click=move |_| scene.stop()
                >
                    "Hang Up"
                </button>
            </div>
            <div class="fields">
                <Switch label="Attack" on=scene.attack />
            </div>
            <Notice advice=scene.advice />
            <p class="verdict" id="verdict" role="status" data-verdict=move || {
                comparison.get().map(|comparison| comparison.0)
            }>
                {move || comparison.get().map(|comparison| comparison.1)}
            </p>
            <div class="people-in-lab" class:is-attacked=attacked>
                <Person party=Party::Alice name="Alice" scene code=codes[0] />
                <Show when=attacked>
                    <Attacker scene />
                </Show>
                <Person party=Party::Bob name="Bob" scene code=codes[1] />
            </div>
        </section>
    }
}

/// For tests and styles; for people.
#[derive(Clone, Copy, PartialEq)]
struct CodeComparison(&'static str, &'static str);

fn comparison(alice: VerificationCode, bob: VerificationCode) -> CodeComparison {
    match alice == bob {
        true => CodeComparison(
            "equal",
            "Alice and Bob have the same code: nobody is in between.",
        ),
        false => CodeComparison(
            "different",
            "Alice and Bob have different codes: somebody is in between, although both see a picture and every message arrives.",
        ),
    }
}

type CodeSignal = RwSignal<Option<Result<Verification, NoCode>>>;

#[component]
fn Person(party: Party, name: &'static str, scene: SceneHook, code: CodeSignal) -> impl IntoView {
    let hook = scene.party(party);
    let other = if party == Party::Alice {
        "Bob"
    } else {
        "Alice"
    };
    view! {
        <section class="peer" id=name aria-labelledby=format!("{name}-title")>
            <h3 id=format!("{name}-title")>{name}</h3>
            <VideoTile
                id=if party == Party::Alice { "aliceVideo" } else { "bobVideo" }
                caption=format!("What {name} receives")
                stream=hook.received
                placeholder=format!("{other} appears here.")
                muted=true
            />
            <StateLine hook />
            <VerificationView result=code />
            <Negotiated watched=hook.connection code />
            <Messages party name other scene />
        </section>
    }
}

#[component]
fn StateLine(hook: PartyHook) -> impl IntoView {
    let state = Signal::derive(move || {
        hook.connection.with(|watched| {
            let state = watched.as_ref().map(|(_, states)| states.connection);
            state.unwrap_or(ConnectionState::Closed).to_string()
        })
    });
    view! {
        <p>
            "Connection: " <StateBadge state />
        </p>
    }
}

#[component]
fn Messages(
    party: Party,
    name: &'static str,
    other: &'static str,
    scene: SceneHook,
) -> impl IntoView {
    let hook = scene.party(party);
    let text = RwSignal::new(format!("Hello {other}, {name} here"));
    let id = format!("{name}-message");
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        scene.say(party, text.get_untracked());
    };
    view! {
        <form class="field" on:submit=send>
            <label class="field-label" for=id.clone()>
                {format!("Message to {other}")}
            </label>
            <div class="copy-row">
                <input
                    type="text"
                    id=id
                    maxlength="200"
                    autocomplete="off"
                    prop:value=move || text.get()
                    on:input=move |event| text.set(event_target_value(&event))
                />
                <button type="submit" disabled=move || !scene.running.get()>
                    {format!("Send to {other}")}
                </button>
            </div>
        </form>
        <Heard hook label=format!("{name} received") />
    }
}

/// What arrived, oldest first.
#[component]
fn Heard(hook: PartyHook, label: String) -> impl IntoView {
    let lines = move || {
        let lines = hook.heard.get().into_iter();
        lines.map(|line| view! { <li>{line}</li> }).collect_view()
    };
    view! {
        <Show when=move || hook.heard.with(|heard| !heard.is_empty())>
            <div class="heard">
                <p class="field-label">{label.clone()}</p>
                <ul role="list">{lines}</ul>
            </div>
        </Show>
    }
}

#[component]
fn Attacker(scene: SceneHook) -> impl IntoView {
    view! {
        <section class="peer attacker" id="Attacker" aria-labelledby="Attacker-title">
            <h3 id="Attacker-title">"Whoever is in the middle"</h3>
            <div class="videos">
                <VideoTile
                    id="fromAlice"
                    caption="Sees Alice"
                    stream=scene.towards_alice.received
                    placeholder="Nothing yet."
                    muted=true
                />
                <VideoTile
                    id="fromBob"
                    caption="Sees Bob"
                    stream=scene.towards_bob.received
                    placeholder="Nothing yet."
                    muted=true
                />
            </div>
            <Heard hook=scene.towards_alice label="Read from Alice".to_owned() />
            <Heard hook=scene.towards_bob label="Read from Bob".to_owned() />
        </section>
    }
}
