//! Descriptions explained: the rounds of a connection to choose from, and one's own text.

pub(crate) mod parts;
pub(crate) mod paste;

use leptos::prelude::*;
use signaling_protocol::SdpType;

use crate::sdp::report::{Comparison, Report, available, report};
use crate::sdp::{Round, TooLong};

pub(crate) use parts::SdpParts;
pub use paste::SdpPaste;

/// The descriptions of `rounds`, one at a time: the newest until another is chosen.
#[component]
pub fn SdpExplained(#[prop(into)] rounds: Signal<Vec<Round>>) -> impl IntoView {
    let chosen = RwSignal::new(None::<u64>);
    let comparison = RwSignal::new(Comparison::Nothing);
    let index = Memo::new(move |_| {
        rounds.with(|rounds| {
            let at = chosen
                .get()
                .and_then(|id| rounds.iter().position(|round| round.id == id));
            at.unwrap_or(rounds.len().saturating_sub(1))
        })
    });
    let report =
        Memo::new(move |_| rounds.with(|rounds| report(rounds, index.get(), comparison.get())));
    let is_empty = Memo::new(move |_| rounds.with(Vec::is_empty));
    view! {
        <div class="sdp-explained">
            <Show
                when=move || !is_empty.get()
                fallback=|| view! { <p class="empty">"No offer has been made yet."</p> }
            >
                <Choices rounds index chosen comparison />
                {move || report.get().map(|report| view! { <ReportView report rounds index /> }.into_any()).unwrap_or_else(refused)}
            </Show>
        </div>
    }
}

/// Which description, and what to compare it with.
#[component]
fn Choices(
    rounds: Signal<Vec<Round>>,
    index: Memo<usize>,
    chosen: RwSignal<Option<u64>>,
    comparison: RwSignal<Comparison>,
) -> impl IntoView {
    let options = move || {
        rounds.with(|rounds| {
            let option = |(at, round): (usize, &Round)| {
                (
                    round.id,
                    format!(
                        "{}. {}{}",
                        at + 1,
                        title(&round.who, round.kind),
                        aim(round)
                    ),
                )
            };
            rounds.iter().enumerate().map(option).collect::<Vec<_>>()
        })
    };
    let choose = move |event| {
        let id: Option<u64> = event_target_value(&event).parse().ok();
        // Who takes the newest goes on with what comes.
        let newest = rounds.with_untracked(|rounds| rounds.last().map(|round| round.id));
        chosen.set(id.filter(|id| Some(*id) != newest));
    };
    let can = move |wanted| rounds.with(|rounds| available(rounds, index.get(), wanted));
    // What was asked for is kept for rounds that have it.
    let compared = move || match comparison.get() {
        wanted if can(wanted) => wanted,
        _ => Comparison::Nothing,
    };
    let comparisons = [
        (Comparison::Nothing, "Nothing"),
        (Comparison::Previous, "The round before"),
        (Comparison::Counterpart, "The other side"),
    ];
    view! {
        <div class="sdp-choices">
            <label class="field">
                <span class="field-label">"Description"</span>
                <select on:change=choose>
                    <For each=options key=Clone::clone let((id, title))>
                        <option
                            value=id.to_string()
                            prop:selected=move || {
                                rounds.with(|rounds| rounds.get(index.get()).is_some_and(|round| round.id == id))
                            }
                        >
                            {title}
                        </option>
                    </For>
                </select>
            </label>
            <div class="field" role="group" aria-label="Compare with">
                <span class="field-label" aria-hidden="true">"Compare with"</span>
                <div class="toolbar">
                    {comparisons
                        .map(|(wanted, label)| {
                            view! {
                                <button
                                    type="button"
                                    aria-pressed=move || (compared() == wanted).to_string()
                                    disabled=move || !can(wanted)
                                    on:click=move |_| comparison.set(wanted)
                                >
                                    {label}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </div>
        </div>
    }
}

#[component]
fn ReportView(report: Report, rounds: Signal<Vec<Round>>, index: Memo<usize>) -> impl IntoView {
    let rollback = rounds.with_untracked(|rounds| {
        rounds
            .get(index.get_untracked())
            .is_some_and(|round| round.kind == SdpType::Rollback)
    });
    if rollback {
        return view! {
            <p class="empty">
                "A rollback takes back the offer before, as if it had never been made. It has no text of its own."
            </p>
        }
        .into_any();
    }
    let Report {
        parts,
        problems,
        compared,
    } = report;
    let there = compared
        .as_ref()
        .map(|compared| title(&compared.who, compared.kind));
    view! {
        {compared
            .map(|compared| {
                view! {
                    <div class="sdp-words">
                        <p>{format!("Compared with {}:", title(&compared.who, compared.kind))}</p>
                        <ul>
                            {compared.words.into_iter().map(|word| view! { <li>{word}</li> }).collect_view()}
                        </ul>
                    </div>
                }
            })}
        <paste::Problems problems />
        <SdpParts parts there=there.unwrap_or_default() />
    }
    .into_any()
}

fn refused(error: TooLong) -> AnyView {
    view! { <p class="field-error">{error.to_string()}</p> }.into_any()
}

/// ` to remotePeer`
fn aim(round: &Round) -> String {
    let whom = round.whom.as_ref();
    whom.map_or_else(String::new, |whom| format!(" to {whom}"))
}

/// `localPeer’s offer`, `your offer`
fn title(who: &str, kind: SdpType) -> String {
    let kind = match kind {
        SdpType::Pranswer => "provisional answer",
        kind => kind.as_str(),
    };
    match who {
        "you" => format!("your {kind}"),
        who => format!("{who}’s {kind}"),
    }
}
