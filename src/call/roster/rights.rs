//! What we may do in the room, and what hosts decide there.

use signaling_protocol::{ErrorCode, HostMessage, Passphrase, PeerId, Policy, PolicyChange};

use super::{Action, Roster};
use crate::call::participant::PeerRights;
use crate::signaling::{Event, Request, Rights};

/// What hosts decide, where a service enforces it; everybody may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsView {
    /// Whether we are a host, and may do all that [`CallHandle`](crate::call::CallHandle) offers
    /// to hosts.
    pub host: bool,
    /// Nobody is to hear us.
    pub silenced: bool,
    /// Everybody is to see us large.
    pub(crate) spotlight: bool,
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
        if let HostMessage::SetPolicy(change) = &message
            && let Some(Some(passphrase)) = &change.passphrase
        {
            self.asked_passphrases.push_back(passphrase.clone());
        }
        let request = Request::Host(message);
        if self.is_in_room() {
            self.actions.push_back(Action::Send(request));
        } else {
            self.unsent.push(request);
        }
    }

    /// The service did not carry something out. Only what hosts ask for is refused with these codes.
    pub(super) fn handle_host_refusal(&mut self, code: ErrorCode) {
        let asked = &mut self.asked_passphrases;
        match code {
            // One that is asked for while another is looked at is refused first.
            ErrorCode::Busy => drop(asked.pop_back()),
            ErrorCode::Overtaken => drop(asked.pop_front()),
            ErrorCode::NotAllowed => asked.clear(),
            _ => {}
        }
    }

    /// What to come with: what we have set ourselves is newer than what we knew before.
    pub(super) fn newest_passphrase(&self) -> Option<&Passphrase> {
        let asked = self.asked_passphrases.back();
        asked.or(self.passphrase.as_ref())
    }

    /// We have a seat as if nobody had been here before. Who was here is awaited already. `is_anew` says that
    /// the service knew nothing of the room any more, in which we had been: it was restarted, say.
    pub(super) fn take_rights(&mut self, rights: Option<Rights>, is_anew: bool) {
        let view = rights.map(|rights| RightsView {
            host: rights.host,
            silenced: rights.silenced,
            spotlight: rights.spotlight,
            policy: rights.policy,
            waiting: Vec::new(),
        });
        let before = std::mem::replace(&mut self.rights, view);
        let passphrase = self.newest_passphrase().cloned();
        // What we asked for has been done or is forgotten.
        let was_asked = !self.asked_passphrases.is_empty();
        self.asked_passphrases.clear();
        self.passphrase.clone_from(&passphrase);
        // Whoever comes back first is its host, also who was none: a host who comes later could restore nothing.
        self.restores_rights = is_anew && rights.is_some_and(|rights| rights.host);
        if self.restores_rights
            && let Some(before) = before
        {
            let policy = Policy {
                passphrase: before.policy.passphrase || was_asked,
                ..before.policy
            };
            self.restore_policy(policy, passphrase);
            if let (true, Some(peer_id)) = (before.spotlight, self.me.clone()) {
                self.handle_host(HostMessage::SetParticipant {
                    peer_id,
                    host: None,
                    silenced: None,
                    spotlight: Some(true),
                });
            }
        }
    }

    /// Sets the policy anew that the room had. Those who were in it pass it on their way back, so it need
    /// not wait for them.
    fn restore_policy(&mut self, mut policy: Policy, passphrase: Option<Passphrase>) {
        for request in &self.unsent {
            if let Request::Host(HostMessage::SetPolicy(change)) = request {
                policy.locked = change.locked.unwrap_or(policy.locked);
                policy.lobby = change.lobby.unwrap_or(policy.lobby);
                let passphrase = change.passphrase.as_ref();
                policy.passphrase = passphrase.map_or(policy.passphrase, Option::is_some);
            }
        }
        if policy == Policy::default() {
            return;
        }
        self.handle_host(HostMessage::SetPolicy(PolicyChange {
            locked: policy.locked.then_some(true),
            // Hashing a passphrase takes time, may be refused, and another host may have set it.
            lobby: (policy.lobby || policy.passphrase).then_some(true),
            returning: self.peers(),
            ..PolicyChange::default()
        }));
        if let Some(passphrase) = passphrase.filter(|_| policy.passphrase) {
            self.handle_host(HostMessage::SetPolicy(PolicyChange {
                lobby: (!policy.lobby).then_some(false),
                passphrase: Some(Some(passphrase)),
                ..PolicyChange::default()
            }));
        }
    }

    /// A participant is back about whom hosts had decided something `before`: they have again.
    pub(super) fn restore_rights(&mut self, peer_id: PeerId, before: Option<PeerRights>) {
        let Some(before) = before.filter(|_| self.restores_rights) else {
            return;
        };
        if before != PeerRights::default() {
            self.handle_host(HostMessage::SetParticipant {
                peer_id,
                host: before.host.then_some(true),
                silenced: before.silenced.then_some(true),
                spotlight: before.spotlight.then_some(true),
            });
        }
    }

    pub(super) fn handle_rights(&mut self, event: Event) {
        let Some(rights) = &mut self.rights else {
            return;
        };
        match event {
            Event::Policy {
                policy,
                passphrase_by,
            } => {
                rights.policy = policy;
                match passphrase_by {
                    Some(by) if self.me.as_ref() == Some(&by) => {
                        let set = self.asked_passphrases.pop_front();
                        self.passphrase = set.or_else(|| self.passphrase.take());
                    }
                    // Only who set it knows it.
                    Some(_) => self.passphrase = None,
                    None if !policy.passphrase => self.passphrase = None,
                    None => {}
                }
            }
            Event::PeerChanged {
                peer,
                host,
                silenced,
                spotlight,
            } if self.me.as_ref() == Some(&peer) => {
                rights.host = host;
                rights.silenced = silenced;
                rights.spotlight = spotlight;
            }
            Event::PeerChanged {
                peer,
                host,
                silenced,
                spotlight,
            } => {
                let rights = PeerRights {
                    host,
                    silenced,
                    spotlight,
                };
                self.participants.set_rights(&peer, rights);
            }
            Event::Knock { peer: id, name } => {
                rights.waiting.retain(|waiting| waiting.id != id);
                rights.waiting.push(Newcomer { id, name });
            }
            Event::KnockEnded(id) => rights.waiting.retain(|waiting| waiting.id != id),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
