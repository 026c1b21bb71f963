//! The trace as a sequence diagram.
//!
//! Thousands of rows are there, some dozens are in the document: those in sight. All have one
//! height, so that a row's place is where it stands.

use leptos::prelude::*;
use leptos::{ev, html};

use super::detail::Detail;
use super::row::{LadderRow, Shown};
use crate::hooks::InspectedTrace;
use crate::inspection::ladder::{Filter, Ladder};
use crate::trace::Kind;

/// A row's height in pixels; the style sheet has it, too.
pub(super) const ROW: f64 = 32.0;

/// Rows beyond what is in sight, on either side.
const SPARE: usize = 8;

/// So near to its end, the ladder follows.
const NEAR: f64 = ROW * 1.5;

/// How far Page Up and Page Down go.
const PAGE_ROWS: usize = 10;

#[component]
pub(crate) fn LadderTab(inspected: InspectedTrace) -> impl IntoView {
    let ladder = StoredValue::new(Ladder::default());
    // What is shown of it: rows, all entries, lines.
    let size = RwSignal::new((0, 0));
    let lines = RwSignal::new(Vec::<String>::new());
    let two_sides = RwSignal::new(false);
    // How many rows the trace forgot: their room closes, and no other row is touched.
    let gone = RwSignal::new(0);
    let version = RwSignal::new(0_u64);
    let scroller = NodeRef::<html::Div>::new();
    let scrolled = RwSignal::new(0.0);
    let following = StoredValue::new(true);
    // Where following scrolled to. Its event comes later, and there may be more entries by then.
    let put = StoredValue::new(0);
    let active = RwSignal::new(None::<u64>);
    let selected = RwSignal::new(None::<u64>);
    let text = RwSignal::new(String::new());
    let hidden = RwSignal::new(Vec::<Kind>::new());

    let follow = move || {
        // Somebody may have scrolled back meanwhile.
        let still = following.try_get_value() == Some(true);
        if let Some(scroller) = scroller.try_get_untracked().flatten().filter(|_| still) {
            scroller.set_scroll_top(scroller.scroll_height());
            put.try_set_value(scroller.scroll_top());
            // No event comes where it was there already.
            scrolled.try_set(f64::from(scroller.scroll_top()));
        }
    };
    let show = move || {
        let Some((now, names, sides, went)) = ladder.try_with_value(|ladder| {
            let size = (ladder.len(), ladder.total());
            (size, ladder.titles(), ladder.has_two_sides(), ladder.gone())
        }) else {
            return;
        };
        size.set(now);
        if lines.with_untracked(|lines| *lines != names) {
            lines.set(names);
        }
        if two_sides.get_untracked() != sides {
            two_sides.set(sides);
        }
        let before = gone.get_untracked();
        if before != went {
            gone.set(went);
            // Who reads goes on reading.
            if let Some(scroller) = scroller.get_untracked().filter(|_| !following.get_value()) {
                let up = went.saturating_sub(before) as f64 * ROW;
                scroller.set_scroll_top((f64::from(scroller.scroll_top()) - up) as i32);
            }
        }
        version.update(|version| *version += 1);
        if following.get_value() {
            request_animation_frame(follow);
        }
    };
    // In a lower window the end is out of sight, and no scrolling tells of it.
    let resized = window_event_listener(ev::resize, move |_| follow());
    on_cleanup(move || resized.remove());
    let frames = inspected.frames();
    Effect::new(move |_| {
        frames.track();
        ladder.update_value(|ladder| {
            ladder.follow(inspected.ids(), |ids, f| inspected.each(ids, f));
        });
        show();
    });
    Effect::new(move |earlier: Option<Filter>| {
        let filter = hidden.with(|hidden| text.with(|text| Filter::new(hidden.clone(), text)));
        if earlier.as_ref().is_some_and(|earlier| *earlier != filter) {
            ladder.update_value(|ladder| ladder.set_filter(filter.clone()));
            show();
        }
        filter
    });

    let in_sight = Memo::new(move |_| {
        let first = (scrolled.get() / ROW) as usize;
        // The drawer is never higher than the window.
        let window = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64());
        let rows = (window.unwrap_or(1000.0) / ROW) as usize + 1;
        first.saturating_sub(SPARE)..first + rows + SPARE
    });
    let rows = move || {
        version.track();
        ladder.with_value(|ladder| {
            let (rows, gone) = (ladder.window(in_sight.get()), ladder.gone());
            rows.map(|(place, row)| Shown::new(place + gone, row, ladder.names()))
                .collect::<Vec<_>>()
        })
    };
    // Only a row that is in the document can be named.
    let active_row = Memo::new(move |_| {
        version.track();
        let id = active.get()?;
        let place = ladder.with_value(|ladder| ladder.place_of(id))?;
        in_sight
            .get()
            .contains(&place)
            .then(|| format!("ladder-{id}"))
    });
    let reveal = move |place: usize| {
        if let Some(scroller) = scroller.get_untracked() {
            let (top, bottom) = (place as f64 * ROW, (place + 1) as f64 * ROW);
            let (now, height) = (
                f64::from(scroller.scroll_top()),
                f64::from(scroller.client_height()),
            );
            if top < now {
                scroller.set_scroll_top(top as i32);
            } else if bottom > now + height {
                scroller.set_scroll_top((bottom - height).ceil() as i32);
            }
        }
    };
    let on_scroll = move |_| {
        if let Some(scroller) = scroller.get_untracked() {
            let top = f64::from(scroller.scroll_top());
            let below = f64::from(scroller.scroll_height() - scroller.client_height()) - top;
            if scroller.scroll_top() != put.get_value() {
                following.set_value(below < NEAR);
            }
            scrolled.set(top);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let last = size.get_untracked().0.saturating_sub(1);
        let now = active.get_untracked();
        let place = now.and_then(|id| ladder.with_value(|ladder| ladder.place_of(id)));
        let key = event.key();
        let next = match (&*key, place) {
            ("Home", _) => 0,
            ("End", _) => last,
            ("ArrowDown" | "ArrowUp" | "PageDown" | "PageUp", None) => last,
            ("ArrowDown", Some(place)) => (place + 1).min(last),
            ("ArrowUp", Some(place)) => place.saturating_sub(1),
            ("PageDown", Some(place)) => (place + PAGE_ROWS).min(last),
            ("PageUp", Some(place)) => place.saturating_sub(PAGE_ROWS),
            ("Enter" | " ", _) => {
                event.prevent_default();
                return selected.set(now);
            }
            _ => return,
        };
        event.prevent_default();
        active.set(ladder.with_value(|ladder| ladder.id_at(next)));
        reveal(next);
    };
    let choose = Callback::new(move |id: u64| {
        active.set(Some(id));
        selected.set(Some(id));
    });
    let close_detail = move || {
        selected.set(None);
        // The button that had the focus is gone.
        if let Some(scroller) = scroller.get_untracked() {
            let _ = scroller.focus();
        }
    };
    let chosen = move || {
        let id = selected.get()?;
        version.track();
        ladder.with_value(|ladder| {
            let entry = ladder.row(id)?.entry.clone();
            let names = ladder.names().clone();
            Some((entry, names))
        })
    };
    let chosen = Memo::new(move |_| chosen());
    let height = move || {
        format!(
            "block-size:{}px;--gone:{}",
            size.get().0 as f64 * ROW,
            gone.get()
        )
    };
    let count = move || match size.get() {
        (_, 0) => "Nothing has happened yet.".to_owned(),
        (shown, all) if shown == all => format!("{all} entries"),
        (shown, all) => format!("{shown} of {all} entries"),
    };
    view! {
        <div class="ladder-filter" role="group" aria-label="Filter">
            {Kind::ALL.map(|kind| view! { <KindButton kind hidden /> }).collect_view()}
            <input
                type="search"
                aria-label="Only entries that contain"
                placeholder="Only with …"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            <span class="ladder-count">{count}</span>
        </div>
        <div class="ladder" class:two-sides=two_sides class:has-detail=move || chosen.with(Option::is_some)>
            <div class="ladder-diagram" style:--lines=move || lines.with(Vec::len).max(1).to_string()>
                <div class="ladder-heads" aria-hidden="true">
                    <div class="ladder-stage">
                        {move || {
                            let heads = lines.get().into_iter().enumerate();
                            heads
                                .map(|(index, name)| {
                                    view! { <span style:--at=index.to_string()>{name}</span> }
                                })
                                .collect_view()
                        }}
                    </div>
                </div>
                <div
                    class="ladder-rows"
                    role="listbox"
                    tabindex="0"
                    aria-label="Entries, oldest first"
                    aria-activedescendant=move || active_row.get()
                    node_ref=scroller
                    on:scroll=on_scroll
                    on:keydown=on_key
                >
                    <div class="ladder-all" role="presentation" style=height>
                        <For each=rows key=Shown::key let(shown)>
                            <LadderRow shown lines two_sides gone size active selected on_choose=choose />
                        </For>
                    </div>
                </div>
            </div>
            {move || {
                chosen
                    .get()
                    .map(|(entry, names)| {
                        view! { <Detail entry names on_close=close_detail /> }
                    })
            }}
        </div>
    }
}

#[component]
fn KindButton(kind: Kind, hidden: RwSignal<Vec<Kind>>) -> impl IntoView {
    let shown = move || hidden.with(|hidden| !hidden.contains(&kind));
    let toggle = move |_| {
        hidden.update(|hidden| {
            let before = hidden.len();
            hidden.retain(|of| *of != kind);
            if hidden.len() == before {
                hidden.push(kind);
            }
        });
    };
    view! {
        <button type="button" data-kind=kind.as_str() aria-pressed=move || shown().to_string() on:click=toggle>
            <span class="ladder-mark" aria-hidden="true"></span>
            {kind.as_str()}
            "s"
        </button>
    }
}
