//! The driver's part about the mesh: who comes and goes, and which connections that makes and ends.

use futures_util::FutureExt;
use signaling_protocol::PeerId;

use super::Driver;
use crate::call::bitrate;
use crate::call::connection::Connection;
use crate::call::mesh::Due;
use crate::rtc::senders::LocalTracks;
use crate::rtc::{all_settled, now_ms};

impl Driver {
    /// A participant came; the connection is made when its turn comes.
    pub(super) fn add(&mut self, peer: &PeerId, now: f64) {
        let Some(me) = self.roster.me() else {
            return;
        };
        let (key, role) = self.mesh.handle_added(me, peer);
        match Connection::new(role, now) {
            Ok(added) => {
                self.connections.insert(key.clone(), added);
                let reachable = self.roster.is_reachable(peer);
                self.tell_reachable(&key, reachable, now);
            }
            Err(error) => {
                self.mesh.handle_removed(peer);
                self.failure = Some(error);
            }
        }
        self.limit_video();
    }

    /// A participant is there as before. One whose turn has not come hears of our connection when it is made.
    pub(super) fn keep(&mut self, peer: PeerId) {
        if self.mesh.is_waiting(&peer) {
            return;
        }
        let key = self.mesh.connection_of(&peer);
        if let Some(connection) = self.connections.get(&key) {
            let message = connection.pairing.message(None);
            self.roster.handle_message_to_send(peer, message);
            self.links.repeat_offer(&key);
        }
    }

    /// A participant left.
    pub(super) fn remove(&mut self, peer: &PeerId) {
        let key = self.mesh.handle_removed(peer);
        self.links.remove(&key);
        self.connections.remove(&key);
        self.stop_sharing_traces(peer);
        self.failure = None;
        self.limit_video();
    }

    /// A participant's turn has come.
    pub(super) fn begin(&mut self, due: Due) {
        let key = self.mesh.connection_of(&due.peer);
        if let Some(connection) = self.connections.get_mut(&key) {
            connection.health = connection.health.renewed(now_ms());
        }
        self.connect(&key);
        for message in due.kept {
            self.deliver(&due.peer, message);
        }
    }

    /// Everybody receives as much as the upload allows for so many.
    pub(super) fn limit_video(&mut self) {
        let videos = self.local_tracks.as_ref().map_or(0, LocalTracks::videos);
        let kbps = bitrate::video_kbps(self.connections.len()) / videos.max(1);
        for connection in self
            .connections
            .keys()
            .filter_map(|key| self.links.get(key))
        {
            let promises = connection.limit_video(kbps);
            if !promises.is_empty() {
                self.operations.push(all_settled(promises).boxed_local());
            }
        }
    }
}
