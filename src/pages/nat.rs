//! NAT traversal: the addresses at which this browser can be reached, as ICE finds them.

use leptos::prelude::*;

use crate::advice::Advice;
use crate::components::candidates::PriorityParts;
use crate::components::{Notice, NoticeKind, Page, Switch, TableHead, TableScroll};
use crate::decimal::decimal;
use crate::hooks::{Gathered, GatheringHook, use_gathering, use_stored, use_trace};
use crate::ice::answers::{self, Answer, Asked, Outcome};
use crate::ice::candidates::meaning;
use crate::ice::servers;
use crate::rtc::peer_connection::IceTransportPolicy;
use crate::sdp::candidate::{Candidate, CandidateType};
use crate::states::IceGatheringState;
use crate::text;

#[component]
pub fn NatPage() -> impl IntoView {
    let trace = use_trace();
    let gathering = use_gathering(trace);
    let servers = use_stored("nat-servers");
    let relay_only = RwSignal::new(false);
    let wrong = RwSignal::new(None::<Advice>);
    let asked = RwSignal::new(Asked::default());
    let policy = move || match relay_only.get_untracked() {
        true => IceTransportPolicy::Relay,
        false => IceTransportPolicy::All,
    };
    let gather = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match servers::parse(&servers.get_untracked()) {
            Ok(servers) => {
                wrong.set(None);
                asked.set(Asked {
                    urls: servers
                        .iter()
                        .flat_map(|server| server.urls.clone())
                        .collect(),
                    relay_only: relay_only.get_untracked(),
                });
                gathering.start(&servers, policy());
            }
            Err(error) => wrong.set(Some(Advice::new(
                format!("These are no ICE servers: {error}."),
                "Mend the line, or empty the field to do without servers.",
            ))),
        }
    };
    let failure = Signal::derive(move || wrong.get().or_else(|| gathering.advice.get()));
    view! {
        <Page text=text::NAT trace>
            <section class="demo" aria-labelledby="demo-title">
                <h2 id="demo-title">"Where can this browser be reached?"</h2>
                <form class="config-form" on:submit=gather>
                    <label class="field">
                        <span class="field-label">"ICE servers, one on each line"</span>
                        <textarea
                            class="machine-text"
                            rows="3"
                            spellcheck="false"
                            autocapitalize="off"
                            placeholder="stun:stun.example.org:3478\nturn:turn.example.org user password"
                            prop:value=move || servers.get()
                            on:input=move |event| servers.set(event_target_value(&event))
                        ></textarea>
                    </label>
                    <Switch label="Only through a relay" on=relay_only />
                    <p class="field-hint">
                        "All candidates but those of a TURN server are left out (iceTransportPolicy: \"relay\")."
                    </p>
                    <div class="toolbar">
                        <button type="submit" class="primary">
                            "Gather candidates"
                        </button>
                    </div>
                </form>
                <Notice advice=failure />
                <Found gathering asked />
            </section>
        </Page>
    }
}

#[component]
fn Found(gathering: GatheringHook, asked: RwSignal<Asked>) -> impl IntoView {
    let summary = Memo::new(move |_| {
        match gathering.state.get() {
            None => String::new(),
            Some(IceGatheringState::Complete) => {
                let found = gathering.found.with(Vec::len);
                match found {
                    1 => "Gathering is complete: 1 candidate.".to_owned(),
                    _ => format!("Gathering is complete: {found} candidates."),
                }
            }
            // Spoken, and so not for each of them.
            _ if asked.with(|asked| asked.urls.is_empty()) => {
                "Gathering: each candidate appears below.".to_owned()
            }
            _ => "Gathering: each candidate appears below. For a server that does not answer, browsers wait up to 40 seconds.".to_owned(),
        }
    });
    let outcome = Memo::new(move |_| {
        let is_complete = gathering.state.get() == Some(IceGatheringState::Complete);
        gathering.found.with(|found| outcome(found, is_complete))
    });
    let failure = move || {
        let errors = gathering.errors.read();
        let answers = errors.iter().map(|error| Answer {
            url: &error.url,
            code: error.code,
            text: &error.text,
        });
        answers::failure_advice(answers, &asked.read(), outcome.get())
    };
    let nothing = move || answers::nothing(&asked.read(), outcome.get(), failure().is_some());
    view! {
        <p role="status" id="gathering-state">
            {summary}
        </p>
        <Notice advice=Signal::derive(failure) kind=NoticeKind::Warning />
        <Notice advice=Signal::derive(nothing) kind=NoticeKind::Warning />
        <Show when=move || gathering.found.with(|found| !found.is_empty())>
            <TableScroll label="Candidates found">
                <table class="facts" id="gathered">
                    <TableHead columns=&[
                        "Type",
                        "Protocol",
                        "Address",
                        "Derived from",
                        "Priority",
                        "After",
                    ] />
                    <tbody>
                        {move || gathering.found.get().into_iter().map(row).collect_view()}
                    </tbody>
                </table>
            </TableScroll>
        </Show>
    }
}

fn row(
    Gathered {
        candidate,
        after_ms,
    }: Gathered,
) -> impl IntoView {
    let meaning = meaning(&candidate.kind);
    let related = derived_from(&candidate);
    view! {
        <tr>
            <th scope="row" title=meaning.text>
                {meaning.name}
                <br />
                <small>{candidate.kind.to_string()}</small>
            </th>
            <td>{protocol(&candidate)}</td>
            <td>{format!("{} port {}", candidate.address, candidate.port)}</td>
            <td>{related}</td>
            <td>
                <PriorityParts priority=candidate.priority />
            </td>
            <td>{format!("{} ms", decimal(after_ms, 0))}</td>
        </tr>
    }
}

fn outcome(found: &[Gathered], is_complete: bool) -> Outcome {
    let count = |kind: &CandidateType| {
        found
            .iter()
            .filter(|one| one.candidate.kind == *kind)
            .count()
    };
    Outcome {
        is_complete,
        candidates: found.len(),
        relayed: count(&CandidateType::Relayed),
        server_reflexive: count(&CandidateType::ServerReflexive),
    }
}

/// Browsers hide the address behind it by a stand-in, or by the candidate's own address.
fn derived_from(candidate: &Candidate) -> String {
    match (&candidate.related_address, candidate.related_port) {
        (Some(address), Some(0)) => format!("hidden ({address} port 0)"),
        (Some(address), Some(port)) if *address == candidate.address && port == candidate.port => {
            "hidden".to_owned()
        }
        (Some(address), Some(port)) => format!("{address} port {port}"),
        _ => "–".to_owned(),
    }
}

fn protocol(candidate: &Candidate) -> String {
    match &candidate.tcp_type {
        Some(kind) => format!("{} ({kind})", candidate.protocol.to_lowercase()),
        None => candidate.protocol.to_lowercase(),
    }
}
