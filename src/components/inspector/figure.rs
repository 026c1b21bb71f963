//! One state machine as a drawing: all states and ways of the standard, the present state lit, the
//! ways taken numbered.

use leptos::html;
use leptos::prelude::*;

use crate::decimal::decimal;
use crate::inspection::machines::{Machine, State, line};
use crate::inspection::paths::{Step, taken};

/// So many of the latest steps are listed.
const LISTED: usize = 12;

#[component]
pub(crate) fn MachineFigure(machine: Machine, steps: Memo<Vec<Step>>) -> impl IntoView {
    let now = move || steps.with(|steps| steps.last().map(|step| step.state.clone()));
    let is_now =
        move |name: &str| steps.with(|steps| steps.last().is_some_and(|step| step.state == name));
    let boxes = machine.states().iter().map(|state| {
        let (width, height) = Machine::BOX;
        let visited = move || {
            steps.with(|steps| steps.iter().any(|step| step.state == state.name))
        };
        view! {
            <g class="machine-state" class:is-now=move || is_now(state.name) class:is-visited=visited>
                <rect
                    x=state.x - width / 2.0
                    y=state.y - height / 2.0
                    width=width
                    height=height
                    rx="8"
                ></rect>
                <text x=state.x y=state.y + 4.5>
                    {state.name}
                </text>
            </g>
        }
    });
    let known = machine.transitions().iter().filter_map(|transition| {
        let ends = (
            machine.state(transition.from)?,
            machine.state(transition.to)?,
        );
        let numbers = move || steps.with(|steps| numbers(steps, transition.from, transition.to));
        Some(view! { <TransitionArrow ends by=transition.by numbers=Signal::derive(numbers) /> })
    });
    let known = known.collect_view();
    let boxes = boxes.collect_view();
    // Those that are drawn only when they were taken: to the end, and what the standard does not
    // have.
    let others = move || {
        let others = steps.with(|steps| other_transitions(machine, steps));
        let drawn = others.into_iter().filter_map(|(from, to, numbers)| {
            let ends = (machine.state(&from)?, machine.state(&to)?);
            let by = if machine.knows(&from, &to) {
                "close()"
            } else {
                "not in the standard"
            };
            Some(view! { <TransitionArrow ends by numbers=Signal::stored(numbers) /> })
        });
        drawn.collect_view()
    };
    let (width, height) = Machine::SIZE;
    // On a phone a part of it is in sight: the one with the present state.
    let drawing = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let state = now().and_then(|now| machine.state(&now));
        if let (Some(drawing), Some(state)) = (drawing.get(), state) {
            let middle = state.x / width * f64::from(drawing.scroll_width());
            drawing.set_scroll_left((middle - f64::from(drawing.client_width()) / 2.0) as i32);
        }
    });
    let label = move || match now() {
        Some(state) => format!("{}: {state}", machine.title()),
        None => format!("{}: no state yet", machine.title()),
    };
    view! {
        <figure class="machine" id=format!("machine-{}", machine.attribute().replace('.', "-"))>
            <figcaption>
                <h3>{machine.title()}</h3>
                <span class="machine-now">
                    {move || now().unwrap_or_else(|| "not there yet".to_owned())}
                </span>
                <a href=machine.specification() target="_blank" rel="noopener">
                    "Standard"
                    <span class="visually-hidden">{format!(" about {}", machine.attribute())}</span>
                </a>
            </figcaption>
            // Where it does not fit, it scrolls.
            <div class="machine-drawing" node_ref=drawing tabindex="0" role="group" aria-label=machine.title()>
                <svg viewBox=format!("0 0 {width} {height}") role="img" aria-label=label>
                    <g class="machine-ways">{known} {others}</g>
                    {boxes}
                </svg>
            </div>
            <MachinePath machine steps />
        </figure>
    }
}

/// Numbers of steps that people count from 1, as a text; empty where there is none.
fn numbers(steps: &[Step], from: &str, to: &str) -> String {
    let numbers = taken(steps, from, to);
    let shown = numbers.iter().take(4).map(usize::to_string);
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if numbers.len() > 4 {
        text.push('…');
    }
    text
}

/// Further ones are not listed; no browser takes so many.
const MOST_OTHER_TRANSITIONS: usize = 50;

fn other_transitions(machine: Machine, steps: &[Step]) -> Vec<(String, String, String)> {
    let mut others: Vec<(String, String, String)> = Vec::new();
    for pair in steps.windows(2) {
        if others.len() == MOST_OTHER_TRANSITIONS {
            break;
        }
        let (from, to) = (&pair[0].state, &pair[1].state);
        let drawn = machine
            .transitions()
            .iter()
            .any(|transition| transition.from == from && transition.to == to);
        if !drawn && !others.iter().any(|(f, t, _)| f == from && t == to) {
            others.push((from.clone(), to.clone(), numbers(steps, from, to)));
        }
    }
    others
}

/// An arrow; with numbers it was taken.
#[component]
fn TransitionArrow(
    ends: (&'static State, &'static State),
    by: &'static str,
    #[prop(into)] numbers: Signal<String>,
) -> impl IntoView {
    let [(x1, y1), (x2, y2)] = line(ends.0, ends.1);
    let (dx, dy) = (x2 - x1, y2 - y1);
    let length = dx.hypot(dy).max(1.0);
    let (ux, uy) = (dx / length, dy / length);
    let (bx, by_) = (x2 - ux * 8.0, y2 - uy * 8.0);
    let at = |place| decimal(place, 1);
    let head = format!(
        "M{} {}L{} {}L{} {}Z",
        at(x2),
        at(y2),
        at(bx - uy * 4.0),
        at(by_ + ux * 4.0),
        at(bx + uy * 4.0),
        at(by_ - ux * 4.0)
    );
    let is_taken = move || numbers.with(|numbers| !numbers.is_empty());
    view! {
        <g class="machine-way" class:is-taken=is_taken>
            <title>{format!("{} → {}: {by}", ends.0.name, ends.1.name)}</title>
            <path class="machine-line" d=format!("M{} {}L{} {}", at(x1), at(y1), at(bx), at(by_))></path>
            <path class="machine-head" d=head></path>
            {move || {
                is_taken()
                    .then(|| {
                        let (x, y) = (x1 + dx * 0.45 + uy * -9.0, y1 + dy * 0.45 + ux * 9.0);
                        view! {
                            <text x=at(x).to_string() y=at(y + 4.0).to_string()>
                                {numbers.get()}
                            </text>
                        }
                    })
            }}
        </g>
    }
}

/// The way as a list.
#[component]
fn MachinePath(machine: Machine, steps: Memo<Vec<Step>>) -> impl IntoView {
    let earlier = move || steps.with(Vec::len).saturating_sub(LISTED);
    let items = move || {
        steps.with(|steps| {
            let first = earlier();
            let items = steps.iter().enumerate().skip(first);
            items
                .map(|(index, step)| {
                    let odd = index
                        .checked_sub(1)
                        .is_some_and(|before| !machine.knows(&steps[before].state, &step.state));
                    view! {
                        <li value=index>
                            <b>{step.state.clone()}</b>
                            " "
                            <span>{format!("{} s", decimal(step.at_ms / 1000.0, 3))}</span>
                            {odd
                                .then_some(
                                    " The standard’s diagram has no such step: two that came at once are seen as one.",
                                )}
                        </li>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <ol class="machine-path" aria-label=format!("The way of {}", machine.attribute())>
            {move || {
                (earlier() > 0).then(|| view! { <li class="machine-earlier">{earlier} " earlier steps"</li> })
            }}
            {items}
        </ol>
    }
}
