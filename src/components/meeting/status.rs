//! The state of the call in words. Pure but for the last function.

use leptos::prelude::*;
use signaling_protocol::{LeaveReason, RoomKind};

use super::people::{display_name, list};
use crate::call::roster::Phase;
use crate::call::{CallView, Presence};
use crate::decimal::decimal;
use crate::hooks::CallHook;
use crate::signaling::transport::Transport;

/// What the sentences depend on.
struct Situation<'a> {
    kind: RoomKind,
    transport: Transport,
    /// Of the server or database.
    address: &'a str,
    phase: &'a Phase,
    /// Whether we have been in the room already.
    was_in: bool,
    others: Vec<Other>,
    /// What they are called; nobody needs to know in a call of two.
    departed: Option<(String, LeaveReason)>,
}

/// Somebody else in the room.
struct Other {
    name: String,
    presence: Presence,
}

impl<'a> Situation<'a> {
    fn of(view: &'a CallView, kind: RoomKind, transport: Transport, address: &'a str) -> Self {
        let others = view.participants.iter();
        Self {
            kind,
            transport,
            address,
            phase: &view.phase,
            was_in: view.me.is_some(),
            others: others
                .map(|peer| Other {
                    name: display_name(&peer.name, &peer.id),
                    presence: peer.presence,
                })
                .collect(),
            departed: view.departed.as_ref().map(|departed| {
                let name = display_name(&departed.name, &departed.peer);
                (name, departed.reason)
            }),
        }
    }

    /// One to three sentences.
    fn describe(&self) -> String {
        match self.phase {
            Phase::Connecting => match self.transport {
                Transport::WebSocket | Transport::Firebase => {
                    format!("Connecting to {} at {}.", self.service(), self.address)
                }
                Transport::Tabs | Transport::Paste => "Entering the room.".to_owned(),
            },
            Phase::Unreachable {
                reason,
                retry_in_ms,
            } => {
                let seconds = decimal(seconds(*retry_in_ms), 1);
                let meanwhile = self.meanwhile();
                let what = self.no_server(reason);
                format!("{what} Trying again in {seconds} seconds.{meanwhile}")
            }
            Phase::TurnedAway { error, retry_in_ms } => format!(
                "{} {}answers: {}. Trying again in {} seconds.{}",
                capital(self.service()),
                if self.was_in { "is back, but " } else { "" },
                error.message.trim_end_matches('.'),
                decimal(seconds(*retry_in_ms), 1),
                self.meanwhile(),
            ),
            Phase::Joining => "Asking to join the room.".to_owned(),
            Phase::Waiting => {
                let meanwhile = self.meanwhile();
                format!("Waiting for someone in the room to let you in.{meanwhile}")
            }
            Phase::InRoom { created } => self.in_room(*created),
            Phase::Refused(_) => "You are not in the room.".to_owned(),
            Phase::Left => "You left the room.".to_owned(),
            Phase::Removed => "A host removed you from the room.".to_owned(),
            Phase::Replaced => "This meeting continues in another tab.".to_owned(),
        }
    }

    fn no_server(&self, reason: &str) -> String {
        let (service, address) = (self.service(), self.address);
        if self.was_in {
            format!("The connection to {service} at {address} is lost.")
        } else {
            let what = match self.transport {
                // It may answer, and refuse.
                Transport::Firebase => "used",
                _ => "reached",
            };
            let service = capital(service);
            format!("{service} at {address} cannot be {what}: {reason}.")
        }
    }

    /// What carries the signals.
    fn service(&self) -> &'static str {
        match self.transport {
            Transport::WebSocket => "the server",
            Transport::Firebase => "the database",
            Transport::Tabs => "the other tabs",
            Transport::Paste => "the other person",
        }
    }

    /// The server holds a seat whose connection was lost, so that nobody is thrown out; and no
    /// packet of a call goes through it.
    fn meanwhile(&self) -> &'static str {
        if self.any(Presence::is_connected) {
            " Your call goes on meanwhile."
        } else {
            ""
        }
    }

    fn in_room(&self, created: bool) -> String {
        match self.others.is_empty() {
            true => self.alone(created),
            false if self.is_of_two() => self.with_one(),
            false => self.with_others(),
        }
    }

    /// Whether there is nobody but the other person.
    fn is_of_two(&self) -> bool {
        self.kind == RoomKind::Call || self.transport == Transport::Paste
    }

    fn alone(&self, created: bool) -> String {
        let departure = self.departure();
        if self.transport == Transport::Paste {
            let next = "Make an invitation, or use the one that you were given.";
            return departure.map_or_else(|| next.to_owned(), |why| format!("{why} {next}"));
        }
        let why = departure.unwrap_or_else(|| {
            let why = if created {
                "The room is yours."
            } else {
                "Nobody else is here."
            };
            why.to_owned()
        });
        format!("{why} Waiting for someone to join.")
    }

    fn departure(&self) -> Option<String> {
        let (name, reason) = self.departed.as_ref()?;
        let who = match self.is_of_two() {
            true => "The other person",
            false => name.as_str(),
        };
        let whose = format!("{who}’s");
        Some(match (self.transport, reason) {
            // We ourselves began anew.
            (Transport::Paste, LeaveReason::Removed) => return None,
            (Transport::Paste, LeaveReason::Disconnected) => {
                "The other person could not be reached, or the connection was lost.".to_owned()
            }
            (_, LeaveReason::Left) => format!("{who} left."),
            (_, LeaveReason::Disconnected) => format!("{whose} connection was lost."),
            (_, LeaveReason::Removed) => {
                format!("{whose} connection was ended by {}.", self.service())
            }
            (_, LeaveReason::RemovedByHost) => format!("{who} was removed by a host."),
        })
    }

    fn with_one(&self) -> String {
        let text = if self.any(Presence::is_connected) {
            "You are connected."
        } else if self.any(Presence::is_away) {
            return format!(
                "The other person’s connection to {} is lost. Waiting for it to come back.",
                self.service()
            );
        } else if self.transport == Transport::Paste {
            self.introducing()
        } else if self.any(Presence::is_interrupted) {
            "The connection to the other person is interrupted; the browser is trying to restore it."
        } else if self.any(Presence::has_failed) {
            "The other person could not be reached. A TURN server would help; Reconnect tries again."
        } else {
            "Someone is here. Connecting."
        };
        text.to_owned()
    }

    /// The browser cannot tell a person who takes long from one who cannot be reached.
    fn introducing(&self) -> &'static str {
        if self.any(Presence::is_coming) {
            "Not connected yet: one text goes out, one comes back."
        } else if self.any(Presence::has_failed) {
            "The other person could not be reached so far. If both of you have pasted the other’s text, your machines cannot reach each other directly: choose another transport, one that offers STUN and TURN servers."
        } else {
            "Nothing is reaching the other person at the moment."
        }
    }

    fn with_others(&self) -> String {
        let mut sentences: Vec<String> = self.departure().into_iter().collect();
        let connected = self.names(Presence::is_connected).len();
        let here = match &self.others[..] {
            [Other { name, .. }] => format!("{name} is here."),
            others => format!("{} others are here.", others.len()),
        };
        sentences.push(here);
        match (connected, self.others.len()) {
            (1, 1) => sentences.push("You are connected.".to_owned()),
            (some, all) if some == all => {
                sentences.push("You are connected to all of them.".to_owned());
            }
            (0, _) => {}
            (some, all) => sentences.push(format!("You are connected to {some} of {all}.")),
        }
        let coming = self.names(Presence::is_connecting);
        if !coming.is_empty() {
            sentences.push(format!("Connecting to {}.", list(&coming)));
        }
        let next = self.names(Presence::is_waiting);
        if !next.is_empty() {
            sentences.push(format!("Then to {}.", list(&next)));
        }
        let away = self.names(Presence::is_away);
        if !away.is_empty() {
            sentences.push(format!(
                "{} lost {} and waits for them to come back.",
                capital(self.service()),
                list(&away)
            ));
        }
        let interrupted = self.names(Presence::is_interrupted);
        if !interrupted.is_empty() {
            sentences.push(format!(
                "The connection to {} is interrupted; the browser is trying to restore it.",
                list(&interrupted)
            ));
        }
        let failed = self.names(Presence::has_failed);
        if !failed.is_empty() {
            sentences.push(format!(
                "{} could not be reached. A TURN server would help; Reconnect tries again.",
                list(&failed)
            ));
        }
        sentences.join(" ")
    }

    fn names(&self, which: fn(Presence) -> bool) -> Vec<String> {
        let these = self.others.iter().filter(|other| which(other.presence));
        these.map(|other| other.name.clone()).collect()
    }

    fn any(&self, which: fn(Presence) -> bool) -> bool {
        self.others.iter().any(|other| which(other.presence))
    }
}

/// At the beginning of a sentence.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars.clone()).collect()
}

fn seconds(ms: u32) -> f64 {
    f64::from(ms) / 1000.0
}

/// The sentences of the call now, none before the first; reactive.
pub(crate) fn status_text(call: CallHook, kind: RoomKind) -> String {
    let transport = call.transport.get();
    let address = match transport {
        Transport::Firebase => call.firebase.name.get(),
        _ => call.server.get_value().unwrap_or_default(),
    };
    call.view.with(|view| {
        let view = view.as_ref();
        view.map_or_else(String::new, |view| {
            Situation::of(view, kind, transport, &address).describe()
        })
    })
}

#[cfg(test)]
mod tests;
