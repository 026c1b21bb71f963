//! The newest report, member by member, with a search.

use leptos::prelude::*;

use crate::components::{Disclosure, TableHead, TableScroll};
use crate::hooks::TimelineSource;
use crate::statistics::report::Value;
use crate::statistics::search::{self, Row};

/// So many rows are shown; a search finds the others.
const SHOWN: usize = 100;

/// What `getStats()` said last. Nothing is drawn before it is opened.
#[component]
pub(crate) fn RawReport(source: TimelineSource) -> impl IntoView {
    view! {
        <div class="raw-report">
            <Disclosure summary="Everything getStats() says">
                <RawRows source />
            </Disclosure>
        </div>
    }
}

#[component]
fn RawRows(source: TimelineSource) -> impl IntoView {
    let query = RwSignal::new(String::new());
    // Which rows there are seldom changes, what is in them does: only that is drawn anew.
    let found = Memo::new(move |_| {
        let query = query.get();
        let found = source.with(|timeline| {
            let newest = timeline.newest()?;
            Some(search::find(&newest.stats, &query, SHOWN))
        });
        found.flatten().unwrap_or_default()
    });
    let count = Memo::new(move |_| {
        found.with(|found| match (found.rows.len(), found.total) {
            (0, _) => "Nothing found.".to_owned(),
            (shown, total) if shown < total => {
                format!("The first {shown} of {total} members; search to see the others.")
            }
            (_, 1) => "1 member.".to_owned(),
            (_, total) => format!("{total} members."),
        })
    });
    view! {
        <div class="raw-rows">
            <div class="field">
                <label class="field-label" for="raw-search">
                    "Search in types, names and values"
                </label>
                <input
                    type="search"
                    id="raw-search"
                    autocomplete="off"
                    placeholder="outbound-rtp frame"
                    prop:value=move || query.get()
                    on:input=move |event| query.set(event_target_value(&event))
                />
                <small class="field-hint" role="status">
                    {count}
                </small>
            </div>
            <TableScroll label="Members of the report">
                <table class="facts">
                    <TableHead columns=&["Type", "Member", "Value"] />
                    <tbody>
                        <For
                            each=move || found.get().rows
                            key=Clone::clone
                            children=move |row| {
                                let (id, kind) = (row.id.clone(), row.kind.clone());
                                let member = row.member.clone();
                                view! {
                                    <tr title=id>
                                        <th scope="row">{kind}</th>
                                        <td>{member}</td>
                                        <td>{move || value(source, &row)}</td>
                                    </tr>
                                }
                            }
                        />
                    </tbody>
                </table>
            </TableScroll>
        </div>
    }
}

fn value(source: TimelineSource, row: &Row) -> Option<String> {
    let value = source.with(|timeline| {
        let stat = timeline.newest()?.stats.get(&row.id)?;
        stat.value(&row.member).map(Value::to_string)
    });
    value.flatten()
}
