//! What this room costs its participants, measured where it can be, beside what other ways to
//! connect the same people would cost.

use leptos::html;
use leptos::prelude::*;

use super::topology::{Needs, Topology};
use crate::call::bitrate::video_kbps;
use crate::call::roster::Phase;
use crate::components::{NotLoaded, TableScroll};
use crate::hooks::{CallHook, LazyHook, Part, Traffic, use_in_sight, use_lazy, use_traffic};
use crate::lazy::lazy;

const COLUMNS: [(Topology, &str); 3] = [
    (Topology::Mesh, "Mesh"),
    (Topology::Sfu, "SFU"),
    (Topology::Mcu, "MCU"),
];

/// Measures while the second argument is true.
type Meter = fn(CallHook, Signal<bool>, RwSignal<Option<Traffic>>);

lazy!(traffic_meter: Meter = use_traffic);

type Row = (&'static str, fn(&Needs) -> usize, [&'static str; 3]);

/// What is counted, and how that grows with the number of people, n; empty where it does
/// not.
const ROWS: [Row; 6] = [
    (
        "Connections in the room",
        |needs| needs.room_connections,
        ["n·(n−1)/2", "n", "n"],
    ),
    (
        "Your connections",
        |needs| needs.connections,
        ["n−1", "", ""],
    ),
    ("Videos you send", |needs| needs.sent, ["n−1", "", ""]),
    (
        "Videos you receive",
        |needs| needs.received,
        ["n−1", "n−1", ""],
    ),
    (
        "Videos you encode",
        |needs| needs.encodings,
        ["n−1", "", ""],
    ),
    (
        "Videos you decode",
        |needs| needs.decodings,
        ["n−1", "n−1", ""],
    ),
];

#[component]
pub(crate) fn Cost(call: CallHook) -> impl IntoView {
    let section = NodeRef::<html::Section>::new();
    let in_sight = use_in_sight(section);
    let traffic = RwSignal::new(None);
    let meter = use_lazy(traffic_meter);
    let in_call = Memo::new(move |_| call.in_call());
    Effect::new(move |_| {
        if in_call.get() {
            meter.load();
        }
    });
    Effect::new(move |_| {
        if let Part::Ready(meter) = meter.get() {
            meter(call, in_sight, traffic);
        }
    });
    let example = RwSignal::new(4_usize);
    let room = Memo::new(move |_| people_in_room(call));
    let people = Memo::new(move |_| room.get().unwrap_or_else(|| example.get()));
    view! {
        <section class="demo cost" aria-labelledby="cost-title" node_ref=section>
            <h2 id="cost-title">"What it costs"</h2>
            <Measured traffic meter />
            <p id="bitrate-rule">
                "So that all of it fits through one uplink, the page shares out 2400 kbit/s: the video on each connection may have at most 2400 / (n − 1) kbit/s ("
                <code>"RTCRtpSender.setParameters"</code> "). With "
                {move || people.get()} " people that is "
                <span class="together">
                    <strong id="bitrate-limit">{move || video_kbps(people.get() - 1)}</strong>
                    " kbit/s."
                </span>
            </p>
            <Show
                when=move || room.get().is_none()
                fallback=move || {
                    view! {
                        <p>
                            "Your room has " <strong id="people">{move || people.get()}</strong>
                            " people. The same room in three ways:"
                        </p>
                    }
                }
            >
                <label class="field">
                    <span class="field-label">
                        "People in the room, for example: " {move || example.get()}
                    </span>
                    <input
                        type="range"
                        min="2"
                        max="8"
                        prop:value=move || example.get().to_string()
                        on:input=move |event| {
                            let people = event_target_value(&event).parse().unwrap_or(2_usize);
                            example.set(people.clamp(2, 8));
                        }
                    />
                </label>
            </Show>
            <Comparison people traffic />
        </section>
    }
}

/// How many are in the room, once there are two.
fn people_in_room(call: CallHook) -> Option<usize> {
    call.view.with(|view| {
        let view = view.as_ref().filter(|view| !view.phase.is_over())?;
        // Those who are connected stay so without the server.
        let entered = matches!(view.phase, Phase::InRoom { .. }) || view.me.is_some();
        (entered && !view.participants.is_empty()).then_some(view.participants.len() + 1)
    })
}

#[component]
fn Measured(traffic: RwSignal<Option<Traffic>>, meter: LazyHook<Meter>) -> impl IntoView {
    let figure = move |name: &'static str, what: &'static str, of: fn(&Traffic) -> String| {
        let value = move || traffic.with(|traffic| traffic.as_ref().map_or("–".to_owned(), of));
        view! {
            <div>
                <dt>{what}</dt>
                <dd class="measure-value" data-measure=name>
                    {value}
                </dd>
            </div>
        }
    };
    view! {
        <dl class="figures" aria-label="Measured here">
            {figure("sent", "Upload, kbit/s", |traffic| whole(traffic.sent_kbps))}
            {figure("received", "Download, kbit/s", |traffic| whole(traffic.received_kbps))}
            {figure("encodings", "Encodings running", |traffic| traffic.encodings.to_string())}
            {figure("decodings", "Decodings running", |traffic| traffic.decodings.to_string())}
        </dl>
        <Show when=move || traffic.with(Option::is_none)>
            <p class="field-hint">"Measured once a second while you are in a room with others."</p>
        </Show>
        <Show when=move || matches!(meter.get(), Part::Failed)>
            <NotLoaded what="The traffic meter" part=meter />
        </Show>
    }
}

#[component]
fn Comparison(people: Memo<usize>, traffic: RwSignal<Option<Traffic>>) -> impl IntoView {
    let head = COLUMNS.map(|(_, name)| view! { <th scope="col">{name}</th> });
    let rows = ROWS.map(|(what, of, formulas)| {
        let cells = COLUMNS
            .iter()
            .zip(formulas)
            .map(|(&(topology, _), formula)| {
                view! {
                    <td>
                        {move || of(&topology.needs(people.get()))} " "
                        <small class="formula">{formula}</small>
                    </td>
                }
            });
        view! {
            <tr>
                <th scope="row">{what}</th>
                {cells.collect_view()}
            </tr>
        }
    });
    let kbps = move |what: &'static str, of: fn(&Traffic) -> f64, count: fn(&Needs) -> usize| {
        let cells = COLUMNS.map(|(topology, _)| {
            let text = move || {
                let measured = traffic.with(|traffic| traffic.as_ref().map(of));
                measured.map_or("–".to_owned(), |kbps| {
                    estimate(kbps, topology, count, people.get())
                })
            };
            view! { <td>{text}</td> }
        });
        view! {
            <tr>
                <th scope="row">{what}</th>
                {cells.collect_view()}
            </tr>
        }
    };
    view! {
        <TableScroll label="Mesh, SFU and MCU">
            <table class="comparison">
                <thead>
                    <tr>
                        <th scope="col">"For each participant"</th>
                        {head.collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {rows.collect_view()}
                    {kbps("Upload, kbit/s", |traffic| traffic.sent_kbps, |needs| needs.sent)}
                    {kbps(
                        "Download, kbit/s",
                        |traffic| traffic.received_kbps,
                        |needs| needs.received,
                    )} <tr>
                        <th scope="row">"The server"</th>
                        <td>"introduces"</td>
                        <td>"forwards"</td>
                        <td>"decodes, mixes, encodes"</td>
                    </tr>
                </tbody>
            </table>
        </TableScroll>
        <p class="field-hint">
            "The mesh’s upload and download are measured; the others’ are what the same videos would take (with an SFU, simulcast aside). An MCU spares the participants and pays for all: it decodes n videos and encodes a mix for each."
        </p>
    }
}

/// What was measured in the mesh; for the others, as much for each video as it has here.
fn estimate(kbps: f64, topology: Topology, count: fn(&Needs) -> usize, people: usize) -> String {
    let here = count(&Topology::Mesh.needs(people));
    let there = count(&topology.needs(people));
    if topology == Topology::Mesh {
        whole(kbps)
    } else if here == 0 {
        "–".to_owned()
    } else {
        format!("about {}", whole(kbps * there as f64 / here as f64))
    }
}

fn whole(kbps: f64) -> String {
    (kbps.round() as u64).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_shared_out_over_the_videos() {
        let sent = |topology| estimate(900.0, topology, |needs| needs.sent, 4);
        assert_eq!(sent(Topology::Mesh), "900");
        assert_eq!(sent(Topology::Sfu), "about 300");
        let received = |topology| estimate(900.0, topology, |needs| needs.received, 4);
        assert_eq!(received(Topology::Sfu), "about 900");
        assert_eq!(received(Topology::Mcu), "about 300");
        assert_eq!(estimate(0.0, Topology::Sfu, |needs| needs.sent, 1), "–");
    }
}
