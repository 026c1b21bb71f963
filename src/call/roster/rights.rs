//! What we may do in the room, and what hosts decide there.

use signaling_protocol::{HostMessage, PeerId, Policy, PolicyChange};

use super::{Action, Roster};
use crate::signaling::{Event, Request, Rights};

/// What hosts decide, where a service enforces it; everybody may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsView {
    /// Whether we are a host, and may do all that [`CallHandle`](crate::call::CallHandle) offers
    /// to hosts.
    pub host: bool,
    /// Nobody is to hear us.
    pub silenced: bool,
    /// How newcomers get in.
    pub policy: Policy,
    /// Who waits to be let in, in the order of their coming; only hosts know.
    pub waiting: Vec<Newcomer>,
}

/// Somebody who waits to be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newcomer {
    pub id: PeerId,
    /// Empty for who gave none.
    pub name: String,
}

impl Roster {
    /// What we may do in the room; `None` outside, and where nothing enforces it.
    pub(crate) fn rights(&self) -> Option<&RightsView> {
        self.rights.as_ref()
    }

    /// We ask for something as a host. While the service is out of reach it waits.
    pub(crate) fn handle_host(&mut self, message: HostMessage) {
        if self.rights.is_none() {
            return;
        }
        if let HostMessage::SetPolicy(change) = &message {
            let change = change.clone();
            let wanted = &mut self.wanted;
            wanted.locked = change.locked.or(wanted.locked);
            wanted.lobby = change.lobby.or(wanted.lobby);
            wanted.passphrase = change.passphrase.or_else(|| wanted.passphrase.take());
        }
        let request = Request::Host(message);
        if self.is_in_room() {
            self.actions.push_back(Action::Send(request));
        } else {
            self.unsent.push(request);
        }
    }

    /// We have a seat as if nobody had been here before.
    pub(super) fn take_rights(&mut self, rights: Option<Rights>) {
        self.rights = rights.map(|rights| RightsView {
            host: rights.host,
            silenced: rights.silenced,
            policy: rights.policy,
            waiting: Vec::new(),
        });
        // The service knows nothing of the room any more: it was restarted, say.
        let is_unset = |rights: Rights| rights.host && rights.policy == Policy::default();
        self.policy_due = self.was_in_room && rights.is_some_and(is_unset);
    }

    pub(super) fn handle_rights(&mut self, event: Event) {
        let Some(rights) = &mut self.rights else {
            return;
        };
        match event {
            Event::Policy(policy) => {
                // What another host decides counts for the next time, too.
                let wanted = &mut self.wanted;
                wanted.locked = wanted.locked.map(|_| policy.locked);
                wanted.lobby = wanted.lobby.map(|_| policy.lobby);
                if rights.policy.passphrase && !policy.passphrase {
                    wanted.passphrase = None;
                }
                rights.policy = policy;
            }
            Event::PeerChanged {
                peer,
                host,
                silenced,
            } if self.me.as_ref() == Some(&peer) => {
                rights.host = host;
                rights.silenced = silenced;
            }
            Event::PeerChanged {
                peer,
                host,
                silenced,
            } => self.participants.set_rights(&peer, host, silenced),
            Event::Knock { peer: id, name } => {
                rights.waiting.retain(|waiting| waiting.id != id);
                rights.waiting.push(Newcomer { id, name });
            }
            Event::KnockEnded(id) => rights.waiting.retain(|waiting| waiting.id != id),
            _ => {}
        }
    }

    /// Sets the policy anew that we set last. Not before all who were in the room are back, or have
    /// had their time: it would keep them out.
    pub(super) fn restore_policy(&mut self) {
        if !self.policy_due || !self.is_in_room() || self.participants.deadline().is_some() {
            return;
        }
        self.policy_due = false;
        let wanted = &self.wanted;
        let closes = wanted.locked == Some(true)
            || wanted.lobby == Some(true)
            || matches!(wanted.passphrase, Some(Some(_)));
        if closes && self.rights.as_ref().is_some_and(|rights| rights.host) {
            self.handle_host(HostMessage::SetPolicy(PolicyChange::clone(&self.wanted)));
        }
    }
}

#[cfg(test)]
mod tests;
