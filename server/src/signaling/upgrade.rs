//! `GET /ws`: who may speak, and with which bounds on its frames.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Extension;
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Query, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde::Deserialize;
use signaling_protocol::{ErrorCode, MAX_MESSAGE_BYTES, SUBPROTOCOL};
use tokio::sync::Semaphore;

use crate::http::ClientAddress;
use crate::http::connections::ConnectionHandle;
use crate::http::origin::{self, AllowedOrigin};
use crate::limits::Limits;
use crate::signaling::hub::Hub;
use crate::signaling::outbox::Closing;
use crate::signaling::ws::{BATCH, refuse, run};

/// tungstenite allocates this at once for each connection, keeps it, and reads no more at a time;
/// its default is 128 KiB. Of 4 KiB a connection that idles has 8.5 KiB resident in all. Candidates
/// fit in one read, an offer takes two to four.
const READ_BUFFER: usize = 1536;

/// A batch is written when it is complete, not before: this is more than one of short messages.
const WRITE_BUFFER: usize = 2 * BATCH;

/// A batch may end with a message of any length, and a pong may come in between.
const MAX_WRITE_BUFFER: usize = 2 * MAX_MESSAGE_BYTES;

/// Connections at a time that are told over a WebSocket that there is no place for them.
const MAX_REFUSALS: usize = 256;

/// What an upgrade needs to know; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Upgrades {
    hub: Arc<Hub>,
    limits: Limits,
    allowed_origins: Arc<[AllowedOrigin]>,
    trusted_proxies: Arc<[IpAddr]>,
    refusals: Arc<Semaphore>,
}

impl Upgrades {
    pub(crate) fn new(
        hub: Arc<Hub>,
        limits: Limits,
        allowed_origins: Arc<[AllowedOrigin]>,
        trusted_proxies: Arc<[IpAddr]>,
    ) -> Self {
        Self {
            hub,
            limits,
            allowed_origins,
            trusted_proxies,
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
        }
    }
}

pub(crate) fn routes(upgrades: Upgrades) -> Router {
    Router::new()
        .route("/ws", any(upgrade))
        .with_state(upgrades)
}

/// The protocol's version where a header cannot carry it: trunk's development proxy accepts a
/// WebSocket without answering the subprotocol, and browsers then refuse the connection.
#[derive(Deserialize)]
struct Version {
    subprotocol: Option<String>,
}

/// `GET /ws`.
async fn upgrade(
    State(state): State<Upgrades>,
    Query(version): Query<Version>,
    connection: Option<Extension<Arc<ConnectionHandle>>>,
    headers: HeaderMap,
    uri: Uri,
    ws: WebSocketUpgrade,
) -> Response {
    let limits = state.limits;
    // Up to twice the limit a message is read, refused and forgotten; above, it is not even read.
    // A client that is a little wrong stays connected, memory stays bounded.
    let hard_limit = 2 * limits.max_message_bytes;
    let ws = ws
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(MAX_WRITE_BUFFER)
        .max_message_size(hard_limit)
        .max_frame_size(hard_limit)
        .protocols([SUBPROTOCOL]);
    // Also when none is offered: a client that does not say what it speaks was not written for
    // this protocol, and would fail later and less clearly.
    let named = version.subprotocol.as_deref() == Some(SUBPROTOCOL);
    if ws.selected_protocol().is_none() && !named {
        let text = format!("this server speaks the WebSocket subprotocol {SUBPROTOCOL} only\n");
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let client = if origin_allowed(&headers, &uri, &state.allowed_origins) {
        // There is none in tests of the router alone.
        let peer = connection.map_or(Ipv4Addr::UNSPECIFIED.into(), |it| it.peer);
        let address = ClientAddress::of_request(peer, &headers, &state.trusted_proxies);
        state.hub.connect(address)
    } else {
        let text = "pages of this origin may not use this server: see its --allowed-origins";
        let closing = Closing::OriginNotAllowed;
        Err((state.hub).refusal(ErrorCode::OriginNotAllowed, text, closing))
    };
    match client {
        Ok(client) => ws.on_upgrade(async move |socket| run(socket, client, &limits).await),
        // The refusal is said over the WebSocket, because a page cannot read the status of a
        // failed upgrade; past a bound even that costs too much.
        Err(refusal) => match state.refusals.clone().try_acquire_owned() {
            Ok(permit) => ws.on_upgrade(async move |socket| {
                refuse(socket, refusal).await;
                drop(permit);
            }),
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

fn origin_allowed(headers: &HeaderMap, uri: &Uri, allowed: &[AllowedOrigin]) -> bool {
    let mut origins = headers.get_all(ORIGIN).iter();
    // What cannot be read, or is there twice, is nobody's.
    let origin = origins.next().map(|value| match origins.next() {
        None => value.to_str().unwrap_or_default(),
        Some(_) => "",
    });
    let header = headers.get(HOST).and_then(|value| value.to_str().ok());
    // RFC 9112, section 3.2.2: an absolute target counts more than the header.
    let host = uri.authority().map(Authority::as_str).or(header);
    origin::is_allowed(origin, host, allowed)
}
