//! Bystanders, to see that they come to no harm.

use serde_json::{Value, json};

use super::{Client, Server};

/// Two bystanders in a room, and a client that is going to misbehave outside of it.
pub(crate) struct Scene {
    pub a: Client,
    pub b: Client,
    pub b_id: String,
    pub bad: Client,
    pub server: Server,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        Self::on(Server::start().await).await
    }

    pub(crate) async fn on(server: Server) -> Self {
        let ((a, _), (b, b_id)) = server.pair("bystanders").await;
        let bad = server.client().await;
        Self {
            a,
            b,
            b_id,
            bad,
            server,
        }
    }

    /// The bad client is as useful as ever: it joins a room, is heard and leaves.
    pub(crate) async fn assert_useful(&mut self) {
        let me = self.bad.join("a place to be").await;
        let mut other = self.server.client().await;
        other.join("a place to be").await;
        assert_eq!(self.bad.receive().await["type"], "peerJoined");
        other.signal(&me, "hello").await;
        assert_eq!(self.bad.receive().await["signal"], "hello");
        self.bad.send(json!({"type": "leave"})).await;
        assert_eq!(self.bad.receive().await["type"], "left");
    }

    /// The bystanders saw nothing and still reach each other.
    pub(crate) async fn assert_nobody_harmed(&mut self) {
        self.a.signal(&self.b_id, "still there?").await;
        assert_eq!(self.b.receive().await["signal"], "still there?");
        self.a.expect_silence().await;
        self.b.expect_silence().await;
    }

    pub(crate) async fn assert_refused(mut self, message: Value, code: &str) {
        self.bad.send(message).await;
        assert_eq!(self.bad.error().await, code);
        self.assert_useful().await;
        self.assert_nobody_harmed().await;
    }
}
