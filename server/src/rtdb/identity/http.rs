//! Signing in and renewing, as Google's servers answer it and below `/rtdb-auth` as Firebase's
//! own emulator has it.
//!
//! <https://firebase.google.com/docs/reference/rest/auth#section-sign-in-anonymously> and
//! <https://firebase.google.com/docs/reference/rest/auth#section-refresh-token>. The `key` of a
//! project may be given and means nothing here.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, HeaderName,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Form, Json, RequestExt, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Identity, new_refresh_token, token};
use crate::rtdb::clock::now_ms;

/// Of a request: a refresh token and some names.
const MAX_BODY_BYTES: usize = 8 * 1024;

/// In which it comes.
const BODY_TIME: Duration = Duration::from_secs(10);

const METHODS: &str = "POST, OPTIONS";

/// Pages of any origin may ask, as at Google: who they are is in what they send.
const HEADERS: [(HeaderName, &str); 3] = [
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (ACCESS_CONTROL_MAX_AGE, "3600"),
    (CACHE_CONTROL, "no-store"),
];

/// The reasons that Google has names for, and what is left.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    Method,
    TooLarge,
    TooSlow,
    NotJson,
    /// Other ways to sign in.
    OperationNotAllowed,
    TooMany,
    MissingGrantType,
    InvalidGrantType,
    MissingRefreshToken,
    InvalidRefreshToken,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Method => "this takes POST",
            Self::TooLarge => "the request is too large",
            Self::TooSlow => "the request did not come in time",
            Self::NotJson => "the request is not a JSON object",
            Self::OperationNotAllowed => "OPERATION_NOT_ALLOWED",
            Self::TooMany => "TOO_MANY_ATTEMPTS_TRY_LATER",
            Self::MissingGrantType => "MISSING_GRANT_TYPE",
            Self::InvalidGrantType => "INVALID_GRANT_TYPE",
            Self::MissingRefreshToken => "MISSING_REFRESH_TOKEN",
            Self::InvalidRefreshToken => "INVALID_REFRESH_TOKEN",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, message) = (self.status(), self.message());
        let error = json!({
            "code": status.as_u16(),
            "message": message,
            "errors": [{"message": message, "domain": "global", "reason": "invalid"}],
            "status": "INVALID_ARGUMENT",
        });
        let mut response = (status, Json(json!({ "error": error }))).into_response();
        if status == StatusCode::METHOD_NOT_ALLOWED {
            let allowed = HeaderValue::from_static(METHODS);
            response.headers_mut().insert(ALLOW, allowed);
        }
        response
    }
}

/// Below `/rtdb-auth`.
pub(crate) fn routes(identity: Arc<Identity>) -> Router {
    Router::new()
        .route(
            "/rtdb-auth/identitytoolkit.googleapis.com/v1/accounts:signUp",
            any(|identity, request| answer(identity, request, sign_up)),
        )
        .route(
            "/rtdb-auth/securetoken.googleapis.com/v1/token",
            any(|identity, request| answer(identity, request, renew)),
        )
        .with_state(identity)
}

async fn answer<F: Future<Output = Result<Value, Refusal>>>(
    State(identity): State<Arc<Identity>>,
    request: Request,
    handle: impl FnOnce(Arc<Identity>, Request) -> F,
) -> Response {
    let mut response = match *request.method() {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        Method::POST if !identity.admits(Instant::now()) => Refusal::TooMany.into_response(),
        Method::POST => handle(identity, request).await.map(Json).into_response(),
        _ => Refusal::Method.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let methods = HeaderValue::from_static(METHODS);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    // What Firebase's clients send is not all known here, and none of it does any harm.
    let any = HeaderValue::from_static("*");
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, any);
    response
}

async fn sign_up(identity: Arc<Identity>, request: Request) -> Result<Value, Refusal> {
    let (_, asked) = bounded(request).await?;
    let asked: Map<String, Value> = serde_json::from_slice(&asked).map_err(|_| Refusal::NotJson)?;
    let anonymous = ["email", "password", "idToken", "phoneNumber"]
        .iter()
        .all(|key| asked.get(*key).is_none_or(Value::is_null));
    if !anonymous {
        return Err(Refusal::OperationNotAllowed);
    }
    let (refresh_token, signer) = (new_refresh_token(), identity.signer());
    // It is made in the form that has a user.
    let uid = token::user_of(&refresh_token).unwrap_or_default();
    Ok(json!({
        "kind": "identitytoolkit#SignupNewUserResponse",
        "idToken": signer.id_token(&uid, now_ms()),
        "refreshToken": refresh_token,
        "expiresIn": signer.lifetime_s().to_string(),
        "localId": uid,
    }))
}

/// What a renewal says.
#[derive(Deserialize)]
struct Grant {
    grant_type: Option<String>,
    refresh_token: Option<String>,
}

async fn renew(identity: Arc<Identity>, request: Request) -> Result<Value, Refusal> {
    let (head, body) = bounded(request).await?;
    let request = Request::from_parts(head, Body::from(body));
    let grant: Result<Form<Grant>, _> = request.extract().await;
    let Form(grant) = grant.map_err(|_| Refusal::MissingGrantType)?;
    match grant.grant_type.as_deref() {
        Some("refresh_token") => {}
        None | Some("") => return Err(Refusal::MissingGrantType),
        Some(_) => return Err(Refusal::InvalidGrantType),
    }
    let token = grant.refresh_token.filter(|token| !token.is_empty());
    let token = token.ok_or(Refusal::MissingRefreshToken)?;
    let signer = identity.signer();
    let uid = token::user_of(&token).ok_or(Refusal::InvalidRefreshToken)?;
    let id_token = signer.id_token(&uid, now_ms());
    Ok(json!({
        "access_token": id_token,
        "id_token": id_token,
        "refresh_token": token,
        "expires_in": signer.lifetime_s().to_string(),
        "token_type": "Bearer",
        "user_id": uid,
        "project_id": token::PROJECT,
    }))
}

/// Reads a body that is not too large and not too slow.
async fn bounded(request: Request) -> Result<(Parts, Bytes), Refusal> {
    let (head, body) = request.into_parts();
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, MAX_BODY_BYTES)).await;
    let bytes = read
        .map_err(|_| Refusal::TooSlow)?
        .map_err(|_| Refusal::TooLarge)?;
    Ok((head, bytes))
}
