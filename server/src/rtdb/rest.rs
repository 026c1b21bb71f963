//! The database over HTTP: requests to reads and writes, and their results to answers.
//!
//! <https://firebase.google.com/docs/reference/rest/database>; its section "Error Conditions"
//! says which status stands for what.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ALLOW,
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, HeaderName, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Map, Value, json};
use thiserror::Error;
use tokio::time::timeout;

use super::access::{Auth, AuthError};
use super::clock::now_ms;
use super::database::{Caller, Database, Refusal};
use super::json::DataError;
use super::key::Key;
use super::node::Node;
use super::path::Path;
use super::rates::WriteRates;
use super::request::{Asked, Print, RequestError, Verb};
use super::stream;
use super::write::Write;
use crate::http::origin;
use crate::limits::Limits;

/// Who has this as its bearer token is administrator, where that is possible at all.
const OWNER: &str = "owner";

const METHODS: &str = "GET, PUT, POST, PATCH, DELETE, OPTIONS";
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Everything that is answered with `{"error": …}`.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("Error: No data supplied.")]
    NoData,
    #[error("the data is too large: {0} bytes are the limit of a write (--rtdb-max-value-bytes)")]
    TooLarge(usize),
    #[error("too many writes of one user: {0} a second are the limit (--message-rate)")]
    TooOften(u32),
    #[error("the data did not come in time")]
    TooSlow,
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::Request(RequestError::NotJson) => StatusCode::NOT_FOUND,
            Self::Request(RequestError::Method) => StatusCode::METHOD_NOT_ALLOWED,
            Self::Request(_) | Self::Data(_) | Self::NoData | Self::TooLarge(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::Auth(_) | Self::Refused(Refusal::Denied | Refusal::Auth(_)) => {
                StatusCode::UNAUTHORIZED
            }
            Self::Refused(Refusal::Changed { .. }) => StatusCode::PRECONDITION_FAILED,
            Self::Refused(Refusal::NotSaved) => StatusCode::INTERNAL_SERVER_ERROR,
            // Which means that the request was not attempted.
            Self::Refused(_) | Self::TooOften(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

/// What requests to the database need; cheap to clone. Clones share how often users may write.
#[derive(Clone, Debug)]
pub(crate) struct Rest {
    database: Arc<Database>,
    write_rates: Arc<Mutex<WriteRates>>,
    limits: Limits,
}

impl Rest {
    pub(crate) fn new(limits: Limits, database: Arc<Database>) -> Self {
        Self {
            database,
            write_rates: Arc::new(Mutex::new(WriteRates::new(limits.rate()))),
            limits,
        }
    }

    /// Whether a user of the database may write once more.
    fn admits_write(&self, uid: &str, now: Instant) -> bool {
        let rates = self.write_rates.lock();
        let mut rates = rates.unwrap_or_else(PoisonError::into_inner);
        rates.admits(uid, now)
    }
}

/// Below `/rtdb`, beside the rest of the server: nobody is administrator.
pub(crate) fn routes(state: Rest) -> Router {
    Router::new()
        .route(
            "/rtdb/{*path}",
            any(|State(state): State<Rest>, request: Request| answer(state, request, "/rtdb")),
        )
        .with_state(state)
}

/// At the root, where clients made for Firebase expect it, for its own listener.
pub(crate) fn root(state: Rest) -> Router {
    Router::new()
        .fallback(|State(state): State<Rest>, request: Request| answer(state, request, ""))
        .with_state(state)
}

async fn answer(state: Rest, request: Request, prefix: &'static str) -> Response {
    let origin = request.headers().get(ORIGIN).cloned();
    let mut response = if request.method() == Method::OPTIONS {
        preflight(request.headers())
    } else {
        let answered = respond(&state, request, prefix).await;
        answered.unwrap_or_else(|failure| {
            state.database.counters().refusals.inc();
            refused(&failure)
        })
    };
    // Pages of any origin may ask, as at Firebase: what they may do is said by rules and tokens.
    let headers = response.headers_mut();
    let any = HeaderValue::from_static("*");
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.unwrap_or(any));
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    headers.insert(
        ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("ETag"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn preflight(headers: &HeaderMap) -> Response {
    let methods = HeaderValue::from_static(METHODS);
    let age = HeaderValue::from_static("3600");
    let mut response = Response::default();
    let answer = response.headers_mut();
    answer.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    answer.insert(ACCESS_CONTROL_MAX_AGE, age);
    if let Some(asked) = headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    response
}

fn refused(failure: &Failure) -> Response {
    if let Failure::Refused(Refusal::Changed { current }) = failure {
        let mut response = json_response(&current.to_json(), Print::Compact);
        *response.status_mut() = failure.status();
        add_etag(&mut response, current);
        return response;
    }
    let body = json!({"error": failure.to_string()});
    let mut response = json_response(&body, Print::Compact);
    *response.status_mut() = failure.status();
    if failure.status() == StatusCode::METHOD_NOT_ALLOWED {
        let allowed = HeaderValue::from_static(METHODS);
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

async fn respond(
    state: &Rest,
    request: Request,
    prefix: &'static str,
) -> Result<Response, Failure> {
    let now_ms = now_ms();
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().strip_prefix(prefix).unwrap_or_default();
    let asked = Asked::read(&parts.method, &parts.uri, path, &parts.headers)?;
    let has_administrator = prefix.is_empty() && !may_be_of_a_page(&parts.headers);
    let caller = caller(state, &asked, has_administrator, now_ms)?;
    match asked.verb {
        Verb::Get => get(state, &asked, &caller, now_ms),
        Verb::Stream => {
            let connection = parts.extensions.get().cloned();
            let (database, every) = (&state.database, state.limits.rtdb_keep_alive);
            Ok(stream::open(
                database, every, asked, caller, connection, now_ms,
            )?)
        }
        _ => {
            if let Caller::User(Some(auth)) = &caller
                && !state.admits_write(&auth.uid, Instant::now())
            {
                return Err(Failure::TooOften(state.limits.message_rate));
            }
            write(state, asked, &caller, body).await
        }
    }
}

/// Whether a browser can send this for a page. No page is administrator: any site's could ask for
/// it. A page's request to its own origin is not marked, but has the name of that origin as host.
fn may_be_of_a_page(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    headers.contains_key(ORIGIN)
        || headers.contains_key(SEC_FETCH_SITE)
        || !host.is_some_and(origin::is_unforgeable)
}

fn caller(
    state: &Rest,
    asked: &Asked,
    has_administrator: bool,
    now_ms: u64,
) -> Result<Caller, Failure> {
    let Some(token) = asked.token.as_deref().filter(|token| !token.is_empty()) else {
        return Ok(Caller::User(None));
    };
    if has_administrator && asked.is_bearer && token == OWNER {
        return match &asked.acting_as {
            None => Ok(Caller::Administrator),
            Some(variables) => acting_as(variables).map(Caller::User),
        };
    }
    let auth = state.database.access().authenticate(token, now_ms)?;
    Ok(Caller::User(Some(auth)))
}

/// What the administrator wants `auth` to be in the rules; nobody if null.
/// <https://firebase.google.com/docs/database/admin/start#authenticate-with-limited-privileges>
fn acting_as(variables: &str) -> Result<Option<Auth>, Failure> {
    let variables: Value = serde_json::from_str(variables).map_err(|_| AuthError::Malformed)?;
    if variables.is_null() {
        return Ok(None);
    }
    let uid = variables.get("uid").and_then(Value::as_str);
    Ok(Some(Auth {
        uid: uid.unwrap_or_default().to_owned(),
        variables,
        expires_ms: u64::MAX,
    }))
}

fn get(state: &Rest, asked: &Asked, caller: &Caller, now_ms: u64) -> Result<Response, Failure> {
    let node = state.database.read(caller, &asked.path, now_ms)?;
    let known = asked.if_none_match.as_deref();
    let mut response = if known.is_some_and(|etag| etag == node.etag()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if asked
        .if_match
        .as_deref()
        .is_some_and(|etag| etag != node.etag())
    {
        return Err(Refusal::Changed { current: node }.into());
    } else {
        let value = match &asked.query {
            Some(query) => query.select(&node).to_json(),
            None if asked.shallow => node.to_shallow_json(),
            None => node.to_json(),
        };
        json_response(&value, asked.print)
    };
    if asked.wants_etag {
        add_etag(&mut response, &node);
    }
    Ok(response)
}

async fn write(
    state: &Rest,
    mut asked: Asked,
    caller: &Caller,
    body: Body,
) -> Result<Response, Failure> {
    let database = &state.database;
    let base = asked.path.clone();
    let mut name = None;
    let (write, sent) = match asked.verb {
        Verb::Delete => (Write::set(base, &Value::Null)?, Value::Null),
        Verb::Patch => {
            let sent = read(state, body).await?.ok_or(DataError::NoObject)?;
            (Write::update(base, &sent)?, sent)
        }
        verb => {
            let sent = read(state, body).await?.ok_or(DataError::Json)?;
            if verb == Verb::Post {
                let id = database.push_id(now_ms());
                asked.path = base.child(Key::new(&id));
                name = Some(id);
            }
            (Write::set(asked.path.clone(), &sent)?, sent)
        }
    };
    let etag = asked.if_match.as_deref();
    let after = database.write(caller, write, etag, now_ms).await?;
    let node = after.get(&asked.path);
    let value = match (name, asked.verb) {
        (Some(name), _) => json!({"name": name}),
        (None, Verb::Patch) => updated(node, &sent),
        (None, _) => node.to_json(),
    };
    let mut response = json_response(&value, asked.print);
    if asked.wants_etag {
        add_etag(&mut response, node);
    }
    Ok(response)
}

/// The values that an update has set, by the keys it had for them.
fn updated(node: &Node, sent: &Value) -> Value {
    let keys = sent.as_object().into_iter().flat_map(Map::keys);
    let values = keys.map(|key| {
        let way = key.parse::<Path>().unwrap_or_default();
        (key.clone(), node.get(&way).to_json())
    });
    values.collect()
}

/// `None` if it is no JSON.
async fn read(state: &Rest, body: Body) -> Result<Option<Value>, Failure> {
    let most = state.limits.rtdb_max_value_bytes;
    let read = timeout(state.limits.header_timeout, to_bytes(body, most)).await;
    let bytes = match read {
        Err(_) => return Err(Failure::TooSlow),
        // Who breaks off does not hear this.
        Ok(Err(_)) => return Err(Failure::TooLarge(most)),
        Ok(Ok(bytes)) => bytes,
    };
    if bytes.is_empty() {
        return Err(Failure::NoData);
    }
    Ok(serde_json::from_slice(&bytes).ok())
}

fn json_response(value: &Value, print: Print) -> Response {
    let text = match print {
        Print::Silent => return StatusCode::NO_CONTENT.into_response(),
        Print::Compact => value.to_string(),
        Print::Pretty => format!("{value:#}\n"),
    };
    ([(CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}

fn add_etag(response: &mut Response, node: &Node) {
    if let Ok(etag) = HeaderValue::from_str(&node.etag()) {
        response.headers_mut().insert(ETAG, etag);
    }
}
