//! Each feature: here, and elsewhere.

use leptos::prelude::*;

use crate::components::{StateBadge, TableScroll};
use crate::support::{BROWSERS, DATA, DATA_DATE, Feature, GROUPS, Group, Presence, Report};

/// One table of all groups.
#[component]
pub(crate) fn FeatureTable(report: Report) -> impl IntoView {
    let browsers = BROWSERS.map(|(name, version)| {
        view! { <th scope="col">{name} <small>{format!(" {version}")}</small></th> }
    });
    let groups = GROUPS.map(|group| view! { <GroupRows group report=report.clone() /> });
    view! {
        <TableScroll label="What this browser has">
            <table class="facts features" id="features">
                <thead>
                    <tr>
                        <th scope="col">"What for"</th>
                        <th scope="col">"Here"</th>
                        {browsers.collect_view()}
                        <th scope="col">"Sources"</th>
                    </tr>
                </thead>
                {groups.collect_view()}
            </table>
        </TableScroll>
        <p class="field-hint">
            {format!(
                "The columns of the three browsers say since which version they have it; versions below the names were the newest on {DATA_DATE}. From {DATA}. Present means that it is there, not that it works well.",
            )}
        </p>
    }
}

#[component]
fn GroupRows(group: Group, report: Report) -> impl IntoView {
    let rows = group.features.iter().map(|feature| {
        let presence = report.presence(feature);
        view! { <FeatureRow feature presence /> }
    });
    view! {
        <tbody>
            <tr class="group">
                <th scope="rowgroup" colspan=BROWSERS.len() + 3>
                    {group.title}
                </th>
            </tr>
            {rows.collect_view()}
        </tbody>
    }
}

#[component]
fn FeatureRow(feature: &'static Feature, presence: Presence) -> impl IntoView {
    let older = match presence {
        Presence::Prefixed(name) => Some(view! { <small>{name}</small> }),
        Presence::Present | Presence::Missing => None,
    };
    let since = feature.since.iter().zip(BROWSERS);
    let since = since.map(|(&version, (browser, _))| {
        let version = if version.is_empty() { "no" } else { version };
        view! { <td data-label=browser>{version}</td> }
    });
    view! {
        <tr data-feature=feature.name>
            <th scope="row">
                <code>{feature.name}</code>
                <small>{feature.purpose}</small>
            </th>
            <td>
                <StateBadge state=presence.as_str().to_owned() />
                {older}
            </td>
            {since.collect_view()}
            <td>
                <a href=feature.mdn_url() aria-label=format!("MDN: {}", feature.name)>
                    "MDN"
                </a>
                " "
                <a
                    href=feature.specification
                    aria-label=format!("Spec: {}", feature.name)
                >
                    "Spec"
                </a>
            </td>
        </tr>
    }
}
