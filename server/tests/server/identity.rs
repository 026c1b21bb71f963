//! Signing in and renewing over HTTP, and what a token is good for at the database.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use webrtc_tour_server::rtdb::{Database, DatabaseLimits, Guard, Identity, now_ms};
use webrtc_tour_server::{App, IceServers, Limits};

const SIGN_UP: &str = "/rtdb-auth/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any";
const TOKEN: &str = "/rtdb-auth/securetoken.googleapis.com/v1/token?key=any";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn server(lifetime: Duration) -> (Router, Arc<Identity>) {
    let limits = Limits::default();
    let identity = Arc::new(Identity::new(lifetime));
    let guard = Guard::open(None, Arc::clone(&identity)).unwrap();
    let database = Arc::new(Database::new(DatabaseLimits::from(limits), Arc::new(guard)));
    let assets = Path::new("no/such/directory");
    let app = App::new(limits, assets, IceServers::default())
        .with_database(database, Arc::clone(&identity));
    (app.router(), identity)
}

async fn ask(
    app: &Router,
    method: &str,
    path: &str,
    content_type: &str,
    body: impl Into<Body>,
) -> (StatusCode, HeaderMap, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content_type)
        .header("origin", "https://pages.example")
        .body(body.into())
        .unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    let value = serde_json::from_slice(&bytes).unwrap_or_default();
    (head.status, head.headers, value)
}

async fn sign_up(app: &Router) -> Value {
    let asked = r#"{"returnSecureToken":true}"#;
    let (status, headers, answer) = ask(app, "POST", SIGN_UP, JSON, asked).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["cache-control"], "no-store");
    answer
}

async fn renew(app: &Router, refresh_token: &str) -> (StatusCode, Value) {
    let form = format!("grant_type=refresh_token&refresh_token={refresh_token}");
    let (status, _, answer) = ask(app, "POST", TOKEN, FORM, form).await;
    (status, answer)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn everybody_who_signs_up_is_somebody_else() {
    let (app, identity) = server(Duration::from_secs(3600));
    let (one, two) = (sign_up(&app).await, sign_up(&app).await);
    assert_eq!(one["kind"], "identitytoolkit#SignupNewUserResponse");
    assert_eq!(one["expiresIn"], "3600");
    assert_eq!(text(&one["localId"]).len(), 28);
    assert_ne!(one["localId"], two["localId"]);
    let auth = identity.signer().verify(text(&one["idToken"]), now_ms());
    assert_eq!(auth.unwrap().uid, text(&one["localId"]));
}

#[tokio::test]
async fn a_refresh_token_gives_the_same_user_a_new_token() {
    let (app, identity) = server(Duration::from_secs(60));
    let user = sign_up(&app).await;
    let (status, answer) = renew(&app, text(&user["refreshToken"])).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert_eq!(answer["user_id"], user["localId"]);
    assert_eq!(answer["expires_in"], "60");
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["project_id"], "webrtc-tour");
    let auth = identity
        .signer()
        .verify(text(&answer["id_token"]), now_ms());
    assert_eq!(auth.unwrap().uid, text(&user["localId"]));
    let (status, _) = renew(&app, text(&answer["refresh_token"])).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_refused_says_why_as_google_does() {
    let (app, _) = server(Duration::from_secs(60));
    let id_token = text(&sign_up(&app).await["idToken"]).to_owned();
    let with_id_token = format!("grant_type=refresh_token&refresh_token={id_token}");
    let large = "x".repeat(1 << 16);
    for (method, path, content_type, body, status, message) in [
        (
            "POST",
            TOKEN,
            FORM,
            "grant_type=refresh_token&refresh_token=x",
            400,
            "INVALID_REFRESH_TOKEN",
        ),
        (
            "POST",
            TOKEN,
            FORM,
            with_id_token.as_str(),
            400,
            "INVALID_REFRESH_TOKEN",
        ),
        (
            "POST",
            TOKEN,
            FORM,
            "grant_type=refresh_token",
            400,
            "MISSING_REFRESH_TOKEN",
        ),
        (
            "POST",
            TOKEN,
            FORM,
            "grant_type=password",
            400,
            "INVALID_GRANT_TYPE",
        ),
        ("POST", TOKEN, FORM, "", 400, "MISSING_GRANT_TYPE"),
        ("POST", TOKEN, JSON, "{}", 400, "MISSING_GRANT_TYPE"),
        ("POST", TOKEN, FORM, &large, 413, "the request is too large"),
        (
            "POST",
            SIGN_UP,
            JSON,
            &large,
            413,
            "the request is too large",
        ),
        (
            "POST",
            SIGN_UP,
            JSON,
            "[]",
            400,
            "the request is not a JSON object",
        ),
        (
            "POST",
            SIGN_UP,
            JSON,
            r#"{"email":"a@b.c","password":"x"}"#,
            400,
            "OPERATION_NOT_ALLOWED",
        ),
        ("GET", SIGN_UP, JSON, "", 405, "this takes POST"),
    ] {
        let (is, headers, answer) = ask(&app, method, path, content_type, body.to_owned()).await;
        assert_eq!(is.as_u16(), status, "{answer}");
        assert_eq!(answer["error"]["code"], status, "{answer}");
        assert_eq!(answer["error"]["message"], message, "{answer}");
        assert_eq!(headers["access-control-allow-origin"], "*");
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_sign_in() {
    let (app, _) = server(Duration::from_secs(60));
    for path in [SIGN_UP, TOKEN] {
        let (status, headers, _) = ask(&app, "OPTIONS", path, JSON, "").await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(headers["access-control-allow-origin"], "*");
        assert_eq!(headers["access-control-allow-headers"], "*");
        let methods = headers["access-control-allow-methods"].to_str().unwrap();
        assert!(methods.contains("POST"), "{methods}");
    }
}

#[tokio::test]
async fn a_flood_is_refused() {
    let (app, _) = server(Duration::from_secs(60));
    let asked = r#"{"returnSecureToken":true}"#;
    let mut refused = 0;
    for _ in 0..5000 {
        let (status, _, answer) = ask(&app, "POST", SIGN_UP, JSON, asked).await;
        if status == StatusCode::BAD_REQUEST {
            assert_eq!(answer["error"]["message"], "TOO_MANY_ATTEMPTS_TRY_LATER");
            refused += 1;
        }
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn the_database_knows_who_has_a_token() {
    let (app, identity) = server(Duration::from_secs(60));
    let user = sign_up(&app).await;
    let (uid, token) = (text(&user["localId"]), text(&user["idToken"]));
    let at = |uid: &str, token: &str| format!("/rtdb/rooms/r/participants/{uid}.json?auth={token}");
    let time = json!({".sv": "timestamp"});
    let entry = json!({"name": "", "kind": "mesh", "joinedAt": time, "seenAt": time}).to_string();

    let (status, _, answer) = ask(&app, "PUT", &at(uid, token), JSON, entry.clone()).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    assert!(answer["seenAt"].is_u64(), "{answer}");

    let expired = identity.signer().id_token(uid, now_ms() - 61_000);
    for (token, message) in [
        ("", "Permission denied"),
        ("no.token", "Could not parse auth token."),
        (text(&user["refreshToken"]), "Could not parse auth token."),
        (&expired, "Auth token is expired"),
        // Only its own listener has an administrator.
        ("owner", "Could not parse auth token."),
    ] {
        let (status, _, answer) = ask(&app, "PUT", &at(uid, token), JSON, entry.clone()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{token}");
        assert_eq!(answer, json!({"error": message}), "{token}");
    }

    let (status, _, answer) = ask(&app, "PUT", &at("else", token), JSON, entry).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer, json!({"error": "Permission denied"}));
    let (status, _, answer) = ask(
        &app,
        "GET",
        &at("", token).replace("/.json", ".json"),
        JSON,
        "",
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer[uid]["name"], "");

    // Each path of several must be allowed.
    let room = format!("/rtdb/rooms/r.json?auth={token}");
    let name = format!("participants/{uid}/name");
    for (patch, allowed) in [
        (
            json!({&name: "Ann", "participants/else/name": "Eve"}),
            false,
        ),
        (json!({&name: "Ann"}), true),
    ] {
        let (status, _, answer) = ask(&app, "PATCH", &room, JSON, patch.to_string()).await;
        assert_eq!(status.is_success(), allowed, "{patch}: {answer}");
    }
}

#[test]
fn tokens_outlive_a_restart_when_their_key_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("db.key");
    let minute = Duration::from_secs(60);
    let token = Identity::open(&file, minute)
        .unwrap()
        .signer()
        .id_token("ann", now_ms());
    let again = Identity::open(&file, minute).unwrap();
    assert_eq!(again.signer().verify(&token, now_ms()).unwrap().uid, "ann");
    assert!(
        Identity::new(minute)
            .signer()
            .verify(&token, now_ms())
            .is_err()
    );
}

#[test]
fn rules_that_are_none_say_what_is_wrong_with_them() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rules.json");
    let open = || {
        Guard::open(
            Some(&file),
            Arc::new(Identity::new(Duration::from_secs(60))),
        )
    };
    let error = open().unwrap_err().to_string();
    assert!(error.contains("rules.json"), "{error}");
    std::fs::write(&file, r#"{"rules": {".read": "user != null"}}"#).unwrap();
    let error = open().unwrap_err();
    assert_eq!(error.exit_code(), 2);
    let said = "rules.json cannot be used as security rules: in /.read, character 1: there is no \
                variable `user`";
    assert!(error.to_string().contains(said), "{error}");
    std::fs::write(&file, r#"{"rules": {".read": "auth != null"}}"#).unwrap();
    open().unwrap();
}
