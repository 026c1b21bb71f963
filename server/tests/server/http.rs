//! Everything that is not a WebSocket: health, the bundle, deep links, headers.

use std::fs;
use std::path::Path;

use crate::common::{Server, http};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, IF_MODIFIED_SINCE,
    LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderName, Request, Response, StatusCode};
use tempfile::TempDir;
use tower::ServiceExt;
use webrtc_tour_server::{App, IceServers, Limits};

const INDEX: &str = "<!doctype html><title>WebRTC Tour</title>";
const WASM: &str = "webrtc-tour-0123456789abcdef_bg.wasm";
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The page of the app, without any text.
const SHELL: &str = "<!doctype html><title>No page</title>";

/// A bundle as `cargo xtask build` writes it, and the routes over it.
fn bundle() -> (TempDir, Router) {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("index.html", INDEX.as_bytes());
    write("404.html", SHELL.as_bytes());
    for page in ["call", "mesh", "firebase", "firebase/mesh", "media-stream"] {
        write(&format!("{page}/index.html"), page.as_bytes());
    }
    write(WASM, &[0; 4096]);
    write(
        "webrtc-tour-0123456789abcdef.js",
        &b"let a = 1;\n".repeat(400),
    );
    write("app-fedcba9876543210.css", &b"a{color:red}\n".repeat(400));
    write("app-fedcba9876543210.css.br", b"precompressed br");
    write("app-fedcba9876543210.css.gz", b"precompressed gz");
    write("icon.svg", b"<svg/>");
    write("icon.png", &[0; 4096]);
    let app = routes(directory.path());
    (directory, app)
}

fn routes(assets: &Path) -> Router {
    App::new(Limits::default(), assets, IceServers::default()).router()
}

async fn get(app: &Router, path: &str, headers: &[(HeaderName, &str)]) -> Response<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap()
}

async fn body(response: Response<Body>) -> Vec<u8> {
    to_bytes(response.into_body(), 1 << 20)
        .await
        .unwrap()
        .into()
}

fn header(response: &Response<Body>, name: HeaderName) -> &str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn healthz_says_how_busy_it_is() {
    let server = Server::start().await;
    let _pair = server.pair("hall").await;
    let (head, body) = http(server.address, "GET /healthz HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(head.contains("cache-control: no-store"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    let health: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        health,
        serde_json::json!({"status": "ok", "version": version, "clients": 2, "rooms": 1})
    );
}

#[tokio::test]
async fn files_have_their_types() {
    let (_directory, app) = bundle();
    for (path, expected) in [
        ("/", "text/html"),
        ("/index.html", "text/html"),
        ("/webrtc-tour-0123456789abcdef_bg.wasm", "application/wasm"),
        ("/webrtc-tour-0123456789abcdef.js", "text/javascript"),
        ("/app-fedcba9876543210.css", "text/css"),
        ("/icon.svg", "image/svg+xml"),
    ] {
        let response = get(&app, path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, CONTENT_TYPE), expected, "{path}");
    }
}

#[tokio::test]
async fn names_with_a_hash_are_cached_for_long_and_pages_are_not() {
    let (_directory, app) = bundle();
    for (path, expected) in [
        ("/", "no-cache"),
        ("/index.html", "no-cache"),
        ("/call/app-0123456789abcdef.css", "no-cache"),
        ("/media-0123456789abcdef", "no-cache"),
        ("/icon.svg", "no-cache"),
        ("/webrtc-tour-0123456789abcdef_bg.wasm", IMMUTABLE),
        ("/webrtc-tour-0123456789abcdef.js", IMMUTABLE),
        ("/app-fedcba9876543210.css", IMMUTABLE),
        ("/gone-fedcba9876543210.css", ""),
    ] {
        let response = get(&app, path, &[]).await;
        assert_eq!(header(&response, CACHE_CONTROL), expected, "{path}");
    }
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let (_directory, app) = bundle();
    for path in ["/", "/call/hall", "/icon.svg"] {
        let first = get(&app, path, &[]).await;
        let modified = header(&first, LAST_MODIFIED).to_owned();
        let again = get(&app, path, &[(IF_MODIFIED_SINCE, &modified)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(header(&again, CACHE_CONTROL), "no-cache");
    }
}

#[tokio::test]
async fn precompressed_files_are_used() {
    let (_directory, app) = bundle();
    for (accepted, encoding, expected) in [
        ("gzip, deflate, br, zstd", "br", &b"precompressed br"[..]),
        ("gzip", "gzip", b"precompressed gz"),
    ] {
        let headers = [(ACCEPT_ENCODING, accepted)];
        let response = get(&app, "/app-fedcba9876543210.css", &headers).await;
        assert_eq!(header(&response, CONTENT_ENCODING), encoding);
        assert_eq!(header(&response, CONTENT_TYPE), "text/css");
        assert_eq!(header(&response, CACHE_CONTROL), IMMUTABLE);
        assert_eq!(body(response).await, expected);
    }
    let plain = get(&app, "/app-fedcba9876543210.css", &[]).await;
    assert_eq!(header(&plain, CONTENT_ENCODING), "");
    assert!(body(plain).await.starts_with(b"a{color:red}"));
}

#[tokio::test]
async fn other_files_are_compressed_on_the_way() {
    let (_directory, app) = bundle();
    for path in [
        "/webrtc-tour-0123456789abcdef_bg.wasm",
        "/webrtc-tour-0123456789abcdef.js",
    ] {
        for encoding in ["br", "gzip"] {
            let response = get(&app, path, &[(ACCEPT_ENCODING, encoding)]).await;
            assert_eq!(header(&response, CONTENT_ENCODING), encoding, "{path}");
            assert!(body(response).await.len() < 1000);
        }
    }
    let headers = [(ACCEPT_ENCODING, "br")];
    let picture = get(&app, "/icon.png", &headers).await;
    assert_eq!(header(&picture, CONTENT_ENCODING), "");
}

#[tokio::test]
async fn each_page_is_a_file_and_a_room_has_that_of_its_page() {
    let (_directory, app) = bundle();
    for (path, page) in [
        ("/call", "call"),
        ("/call/", "call"),
        ("/call/hall", "call"),
        ("/call/room.with.dots", "call"),
        ("/call/app.js", "call"),
        ("/mesh/room.with.dots", "mesh"),
        ("/firebase/room.with.dots", "firebase"),
        ("/firebase/mesh", "firebase/mesh"),
        ("/firebase/mesh/room.with.dots", "firebase/mesh"),
        ("/call/k%C3%BCche%201%2F2", "call"),
        ("/call/..%2f..%2fetc%2fpasswd", "call"),
        ("/media-stream", "media-stream"),
        ("/media-stream/", "media-stream"),
        ("/?server=wss://example", INDEX),
    ] {
        let response = get(&app, path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(header(&response, CONTENT_TYPE), "text/html", "{path}");
        assert_eq!(header(&response, CACHE_CONTROL), "no-cache", "{path}");
        assert_eq!(body(response).await, page.as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn what_is_no_page_is_the_apps_to_say_and_not_kept() {
    let (_directory, app) = bundle();
    let tomorrow = "Fri, 01 Jan 2100 00:00:00 GMT";
    for headers in [
        &[][..],
        &[(IF_MODIFIED_SINCE, tomorrow)],
        &[(RANGE, "bytes=0-1")],
    ] {
        for path in ["/no-such-page", "/media-stream/hall", "/Call"] {
            let response = get(&app, path, headers).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(header(&response, CONTENT_TYPE), "text/html", "{path}");
            assert_eq!(header(&response, CACHE_CONTROL), "no-cache", "{path}");
            assert_eq!(body(response).await, SHELL.as_bytes(), "{path}");
        }
    }
}

#[tokio::test]
async fn missing_files_are_missing() {
    let (_directory, app) = bundle();
    for path in [
        "/app.js",
        "/favicon.ico",
        "/snippets/a/b.js",
        "/..%2f..%2fCargo.toml",
    ] {
        let response = get(&app, path, &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(header(&response, CONTENT_TYPE).starts_with("text/plain"));
    }
}

#[tokio::test]
async fn only_reading_is_possible() {
    let (_directory, app) = bundle();
    for path in ["/", "/call/hall", "/icon.svg"] {
        let request = Request::post(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let request = Request::head(path).body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(body(response).await.is_empty());
    }
}

#[tokio::test]
async fn a_part_of_a_file_may_be_asked_for() {
    let (_directory, app) = bundle();
    let response = get(&app, "/icon.svg", &[(RANGE, "bytes=1-3")]).await;
    assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(body(response).await, b"svg");
}

#[tokio::test]
async fn without_a_bundle_it_says_how_to_build_one() {
    let directory = tempfile::tempdir().unwrap();
    let app = routes(directory.path());
    for path in ["/", "/call/hall"] {
        let response = get(&app, path, &[]).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        let text = String::from_utf8(body(response).await).unwrap();
        assert!(text.contains("cargo xtask serve"), "{text}");
        assert!(text.contains("--assets"), "{text}");
    }
    // A bundle that is built later needs no restart.
    fs::write(directory.path().join("index.html"), INDEX).unwrap();
    assert_eq!(get(&app, "/", &[]).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let (_directory, app) = bundle();
    for path in [
        "/",
        "/call/hall",
        "/icon.svg",
        "/missing.js",
        "/healthz",
        "/ws",
    ] {
        let response = get(&app, path, &[]).await;
        for (name, expected) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            (
                "permissions-policy",
                "camera=(self), microphone=(self), display-capture=(self)",
            ),
        ] {
            let name = HeaderName::from_static(name);
            assert_eq!(header(&response, name), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn a_large_file_arrives_whole_over_a_real_connection() {
    let (directory, _) = bundle();
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    fs::write(directory.path().join("big.bin"), &content).unwrap();
    let server = Server::full(Limits::default(), directory.path(), None).await;
    let (head, received) = http(server.address, "GET /big.bin HTTP/1.1").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(received == content);
}
