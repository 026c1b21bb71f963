//! What a request asks for, as its address and headers say. Pure.
//!
//! <https://firebase.google.com/docs/reference/rest/database>

use axum::extract::Query as Search;
use axum::http::header::{ACCEPT, AUTHORIZATION, HeaderName, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, Uri};
use serde::Deserialize;
use thiserror::Error;

use super::path::{Path, PathError};
use super::query::{Parameters, Query, QueryError};

const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
const WANTS_ETAG: HeaderName = HeaderName::from_static("x-firebase-etag");

/// Why a request makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum RequestError {
    #[error("append .json to the path: this is a Realtime Database")]
    NotJson,
    #[error("this method is none of GET, PUT, POST, PATCH and DELETE")]
    Method,
    #[error(transparent)]
    Path(#[from] PathError),
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error("the parameters of the address cannot be read, or one is there twice")]
    Parameters,
    #[error("shallow cannot be used with other parameters of a query or with a stream")]
    Shallow,
    #[error("a condition is possible with GET, PUT and DELETE only")]
    Condition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Stream,
    Put,
    Post,
    Patch,
    Delete,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Print {
    Pretty,
    Silent,
    #[default]
    #[serde(other)]
    Compact,
}

/// What stands in every address. Others, such as `ns` and `timeout`, are accepted and ignored.
#[derive(Debug, Default, Deserialize)]
struct Common {
    #[serde(default)]
    print: Print,
    shallow: Option<String>,
    auth: Option<String>,
    access_token: Option<String>,
    auth_variable_override: Option<String>,
    #[serde(rename = "x-http-method-override")]
    method: Option<String>,
}

/// A request without its body.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) verb: Verb,
    pub(crate) path: Path,
    pub(crate) print: Print,
    pub(crate) shallow: bool,
    pub(crate) query: Option<Query>,
    pub(crate) token: Option<String>,
    /// Whether the token was in the header, where the administrator's counts.
    pub(crate) is_bearer: bool,
    /// Who the administrator wants to be, as JSON.
    pub(crate) acting_as: Option<String>,
    pub(crate) wants_etag: bool,
    pub(crate) if_match: Option<String>,
    pub(crate) if_none_match: Option<String>,
}

impl Asked {
    /// `path` is percent-encoded, without what is in front of the database.
    pub(crate) fn read(
        method: &Method,
        uri: &Uri,
        path: &str,
        headers: &HeaderMap,
    ) -> Result<Self, RequestError> {
        let path = path.strip_suffix(".json").ok_or(RequestError::NotJson)?;
        let path = Path::from_url(path)?;
        let Search(common) =
            Search::<Common>::try_from_uri(uri).map_err(|_| RequestError::Parameters)?;
        let Search(parameters) =
            Search::<Parameters>::try_from_uri(uri).map_err(|_| RequestError::Parameters)?;
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let accepted = text(&ACCEPT).unwrap_or_default();
        let wants_stream = accepted.contains("text/event-stream");
        let verb = verb(
            method,
            text(&METHOD_OVERRIDE).or(common.method.as_deref()),
            wants_stream,
        )?;
        let query = parameters.query()?;
        let shallow = common.shallow.as_deref() == Some("true");
        if shallow && (query.is_some() || verb == Verb::Stream) {
            return Err(RequestError::Shallow);
        }
        let if_match = text(&IF_MATCH).map(str::to_owned);
        if if_match.is_some() && !matches!(verb, Verb::Get | Verb::Put | Verb::Delete) {
            return Err(RequestError::Condition);
        }
        let if_none_match = text(&IF_NONE_MATCH).map(str::to_owned);
        let asked = text(&WANTS_ETAG).is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let bearer = text(&AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        Ok(Self {
            verb,
            path,
            print: common.print,
            shallow,
            query,
            is_bearer: bearer.is_some(),
            token: bearer
                .map(str::to_owned)
                .or(common.auth)
                .or(common.access_token),
            acting_as: common.auth_variable_override,
            wants_etag: asked || if_match.is_some() || if_none_match.is_some(),
            if_match,
            if_none_match,
        })
    }
}

/// <https://firebase.google.com/docs/reference/rest/database#section-method-override>
fn verb(method: &Method, instead: Option<&str>, stream: bool) -> Result<Verb, RequestError> {
    let named = match instead {
        Some(name) if method == Method::POST => name.to_ascii_uppercase(),
        _ => method.to_string(),
    };
    match named.as_str() {
        "GET" if stream => Ok(Verb::Stream),
        "GET" | "HEAD" => Ok(Verb::Get),
        "PUT" => Ok(Verb::Put),
        "POST" => Ok(Verb::Post),
        "PATCH" => Ok(Verb::Patch),
        "DELETE" => Ok(Verb::Delete),
        _ => Err(RequestError::Method),
    }
}
