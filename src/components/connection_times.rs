//! In which order a joining participant connects to the others, and how long that took.

use leptos::prelude::*;

use crate::call::{ConnectionOrder, ConnectionTimes};
use crate::components::{TableHead, TableScroll};
use crate::hooks::{CallHook, use_stored};

const ORDERS: [(ConnectionOrder, &str); 2] = [
    (ConnectionOrder::AtOnce, "All at the same time"),
    (ConnectionOrder::OneByOne, "One after the other"),
];

/// What was measured last in each order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Last {
    at_once: Option<Measured>,
    one_by_one: Option<Measured>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Measured {
    contacts: usize,
    ms: u32,
}

impl Measured {
    fn read(line: &str) -> Option<Self> {
        let (contacts, ms) = line.split_once(' ')?;
        Some(Self {
            contacts: contacts.parse().ok()?,
            ms: ms.parse().ok()?,
        })
    }

    fn write(self) -> String {
        format!("{} {}", self.contacts, self.ms)
    }
}

impl Last {
    /// A line for each order: contacts and milliseconds. JSON would bring its whole reader along, and the
    /// printing of fractions.
    fn read(text: &str) -> Self {
        let (at_once, one_by_one) = text.split_once('\n').unwrap_or_default();
        Self {
            at_once: Measured::read(at_once),
            one_by_one: Measured::read(one_by_one),
        }
    }

    fn write(self) -> String {
        let line = |measured: Option<Measured>| measured.map_or_else(String::new, Measured::write);
        format!("{}\n{}", line(self.at_once), line(self.one_by_one))
    }

    fn of(&mut self, order: ConnectionOrder) -> &mut Option<Measured> {
        match order {
            ConnectionOrder::AtOnce => &mut self.at_once,
            ConnectionOrder::OneByOne => &mut self.one_by_one,
        }
    }
}

/// Chooses the order and shows the times.
#[component]
pub(crate) fn ConnectionTimesPanel(
    call: CallHook,
    /// Under which name this browser remembers the times.
    remembered: &'static str,
) -> impl IntoView {
    let stored = use_stored(remembered);
    let last = Memo::new(move |_| stored.with(|text| Last::read(text)));
    let times = Memo::new(move |_| {
        call.view
            .with(|view| view.as_ref()?.connection_times.clone())
    });
    Effect::new(move || {
        let Some((order, measured)) = times.with(|times| complete(times.as_ref()?)) else {
            return;
        };
        let mut last = last.get_untracked();
        *last.of(order) = Some(measured);
        stored.set(last.write());
    });
    let in_call = Memo::new(move |_| call.in_call());
    let radios = ORDERS.map(|(order, label)| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="contact-order"
                    prop:checked=move || call.order.get() == order
                    on:change=move |_| call.order.set(order)
                    disabled=in_call
                />
                <span>{label}</span>
            </label>
        }
    });
    let rows = ORDERS.map(|(order, label)| {
        let cell = move |show: fn(Measured) -> String| {
            move || last.get().of(order).map_or_else(|| "–".to_owned(), show)
        };
        view! {
            <tr>
                <th scope="row">{label}</th>
                <td>{cell(|measured| measured.contacts.to_string())}</td>
                <td>{cell(|measured| seconds(measured.ms))}</td>
            </tr>
        }
    });
    view! {
        <section class="demo contacts" aria-labelledby="contacts-title">
            <h2 id="contacts-title">"All at once, or one after the other"</h2>
            <p>
                "Whoever joins connects to everybody who is there already. The tutorial goes from contact to contact: the next one is due when "
                <code>"iceConnectionState"</code>
                " says connected or completed. Here you choose; a contact that does not connect within ten seconds holds up nobody."
            </p>
            <fieldset>
                <legend>"When you join, connect to the others"</legend>
                {radios}
            </fieldset>
            <p class="status-line" role="status" id="contact-times">
                {move || times.with(|times| times.as_ref().map(sentence))}
            </p>
            <TableScroll label="Times of both ways">
                <table>
                    <caption>"The last time in this browser"</caption>
                    <TableHead columns=&[
                        "Order",
                        "Contacts",
                        "From joining until all were connected",
                    ] />
                    <tbody>{rows}</tbody>
                </table>
            </TableScroll>
        </section>
    }
}

fn complete(times: &ConnectionTimes) -> Option<(ConnectionOrder, Measured)> {
    let measured = Measured {
        contacts: times.contacts.len(),
        ms: times.all_ms()?.round() as u32,
    };
    Some((times.order, measured))
}

fn sentence(times: &ConnectionTimes) -> String {
    let all = match times.contacts.len() {
        1 => "1 contact".to_owned(),
        count => format!("{count} contacts"),
    };
    let order = match times.order {
        ConnectionOrder::AtOnce => "at the same time",
        ConnectionOrder::OneByOne => "one after the other",
    };
    match times.all_ms() {
        Some(ms) => format!("{all} in {}, {order}.", seconds(ms.round() as u32)),
        None => {
            let connected = times.contacts.iter().filter(|(_, time)| time.is_some());
            match connected.count() {
                0 => format!("Connecting to {all}, {order}."),
                count => format!("{count} of {all} connected so far, {order}."),
            }
        }
    }
}

fn seconds(ms: u32) -> String {
    let hundredths = ms.saturating_add(5) / 10;
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use signaling_protocol::PeerId;

    use super::*;

    fn times(order: ConnectionOrder, times: &[Option<f64>]) -> ConnectionTimes {
        let contacts = times.iter().map(|time| (PeerId::new("x"), *time));
        ConnectionTimes {
            order,
            contacts: contacts.collect(),
        }
    }

    #[test]
    fn the_time_is_told_in_a_sentence() {
        let told = |order, list: &[Option<f64>]| sentence(&times(order, list));
        let (at_once, one_by_one) = (ConnectionOrder::AtOnce, ConnectionOrder::OneByOne);
        assert_eq!(
            told(at_once, &[Some(300.0), Some(812.0), Some(20.0)]),
            "3 contacts in 0.81 s, at the same time."
        );
        assert_eq!(
            told(one_by_one, &[Some(1000.0)]),
            "1 contact in 1.00 s, one after the other."
        );
        assert_eq!(
            told(at_once, &[None, None]),
            "Connecting to 2 contacts, at the same time."
        );
        assert_eq!(
            told(one_by_one, &[Some(1.0), None]),
            "1 of 2 contacts connected so far, one after the other."
        );
    }

    #[test]
    fn only_what_is_complete_is_remembered() {
        let order = ConnectionOrder::OneByOne;
        assert_eq!(complete(&times(order, &[Some(1.0), None])), None);
        let (order, measured) = complete(&times(order, &[Some(1.0), Some(2.0)])).unwrap();
        let mut last = Last::default();
        *last.of(order) = Some(measured);
        assert_eq!(Last::read(&last.write()), last);
        assert_eq!((measured.contacts, measured.ms), (2, 2));
        // What an earlier version stored, or somebody else.
        for text in [
            "",
            "{\"atOnce\":{\"contacts\":2,\"ms\":1.5}}",
            "x\n1",
            "-1 2\n1 x",
        ] {
            assert_eq!(Last::read(text), Last::default(), "{text}");
        }
    }
}
