//! A description in parts, groups and lines, each with its meaning and its source.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::sdp::presentation::{Group, Part, Row, RowMark};

/// Shows all `parts`. `there` names what they were compared with.
#[component]
pub(crate) fn SdpParts(parts: Vec<Part>, #[prop(into)] there: String) -> impl IntoView {
    let list = NodeRef::<html::Div>::new();
    let open_all = move |_| turn(list, "details", true);
    // The groups stay as they are: an opened part shows again what it showed.
    let close_all = move |_| turn(list, ".sdp-part", false);
    let lines: usize = parts
        .iter()
        .flat_map(|part| &part.groups)
        .map(|group| group.rows.len())
        .sum();
    let parts = parts.into_iter().enumerate().map(|(index, part)| {
        view! { <PartView part there=there.clone() first=index == 0 /> }
    });
    view! {
        <div class="toolbar sdp-tools">
            <button type="button" on:click=open_all>
                "Open all"
            </button>
            <button type="button" on:click=close_all>
                "Close all"
            </button>
            <span class="field-hint">{format!("{lines} lines, each with what it means here.")}</span>
        </div>
        <div class="sdp-parts" node_ref=list>{parts.collect_view()}</div>
    }
}

#[component]
fn PartView(part: Part, there: String, first: bool) -> impl IntoView {
    let differing: usize = part.groups.iter().map(Group::differing).sum();
    let compared = part
        .groups
        .iter()
        .flat_map(|group| &group.rows)
        .any(|row| row.mark.is_some());
    let gone = part.gone.then(|| format!("Only in {there}. "));
    let groups = part
        .groups
        .into_iter()
        .map(|group| view! { <GroupView group there=there.clone() /> })
        .collect_view();
    view! {
        <details class="disclosure sdp-part" class:is-gone=part.gone open=first>
            <summary>
                <h4>{part.title}</h4>
                <span class="sdp-summary">
                    {gone} {part.summary} " " {compared.then(|| differ(differing))}
                </span>
            </summary>
            <div class="sdp-groups">{groups}</div>
        </details>
    }
}

#[component]
fn GroupView(group: Group, there: String) -> impl IntoView {
    let differing = group.differing();
    let compared = group.rows.iter().any(|row| row.mark.is_some());
    let count = group.rows.len();
    let open = !group.many;
    let rows = group
        .rows
        .into_iter()
        .map(|row| view! { <RowView row there=there.clone() /> })
        .collect_view();
    view! {
        <details class="sdp-group" open=open>
            <summary>
                <h5>{group.title}</h5>
                <span class="sdp-summary">
                    {if count == 1 { "1 line. ".to_owned() } else { format!("{count} lines. ") }}
                    {compared.then(|| differ(differing))}
                </span>
            </summary>
            <ul class="sdp-lines">{rows}</ul>
        </details>
    }
}

#[component]
fn RowView(row: Row, there: String) -> impl IntoView {
    let name = match &row.mark {
        None => "",
        Some(RowMark::Same) => "same",
        Some(RowMark::Changed { .. }) => "changed",
        Some(RowMark::OnlyHere) => "here",
        Some(RowMark::OnlyThere) => "there",
    };
    let said = match &row.mark {
        None => None,
        Some(RowMark::Same) => Some("= same".to_owned()),
        Some(RowMark::Changed { .. }) => Some("≠ differs".to_owned()),
        Some(RowMark::OnlyHere) => Some("+ only here".to_owned()),
        Some(RowMark::OnlyThere) => Some(format!("− only in {there}")),
    };
    // “This side” is the other one there.
    let side = (row.mark == Some(RowMark::OnlyThere))
        .then(|| view! { <span class="sdp-side">{format!("{there}: ")}</span> });
    let otherwise = match row.mark {
        Some(RowMark::Changed { there }) => Some(there),
        _ => None,
    };
    let source = row.explanation.source.map(|source| {
        view! {
            " "
            <a href=source.url() target="_blank" rel="noopener noreferrer">
                {source.label()}
            </a>
        }
    });
    view! {
        <li class="sdp-line" data-mark=name class:is-unknown=!row.explanation.known>
            <div class="sdp-code">
                <span class="sdp-number">
                    {row.number.map(|number| view! { <span class="visually-hidden">"Line "</span> {number} })}
                </span>
                <span class="sdp-text">
                    <code>{row.text}</code>
                    {said.map(|said| view! { " " <span class="sdp-mark">{said}</span> })}
                </span>
                {otherwise
                    .map(|text| {
                        view! {
                            <span class="sdp-otherwise">
                                {format!("In {there}: ")} <code>{text}</code>
                            </span>
                        }
                    })}
            </div>
            <p class="sdp-meaning">{side} {row.explanation.text} {source}</p>
        </li>
    }
}

fn differ(count: usize) -> String {
    match count {
        0 => "Nothing differs.".to_owned(),
        1 => "1 line differs.".to_owned(),
        count => format!("{count} lines differ."),
    }
}

/// Opens or closes whatever `selector` finds in the list. People turn single ones by hand, too,
/// so the elements know best which are open.
fn turn(list: NodeRef<html::Div>, selector: &str, open: bool) {
    let Some(found) = list
        .get_untracked()
        .and_then(|list| list.query_selector_all(selector).ok())
    else {
        return;
    };
    for node in (0..found.length()).filter_map(|index| found.get(index)) {
        let element: &web_sys::Element = node.unchecked_ref();
        // Fails for names with characters that “open” has not.
        let _ = element.toggle_attribute_with_force("open", open);
    }
}
