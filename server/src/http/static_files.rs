//! The static bundle: right types, compressed, cached for as long as is safe, and deep links.
//!
//! Owns the rule which path is a file and which is a page, and which file is that page: the build
//! writes each as `index.html` in a directory of its own. It must not know the pages, but for those
//! that have a room's name in their path.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, IF_MODIFIED_SINCE, RANGE};
use axum::http::{HeaderValue, Method, StatusCode, Uri, request};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

/// Everything below is a room's name, which may look like a file's.
const ROOM_PAGES: [&str; 4] = ["/call/", "/mesh/", "/firebase/", "/meet/"];

const INDEX: &str = "index.html";

/// The page of the app, without any text.
const NOT_FOUND: &str = "404.html";

/// A year; the name changes with the content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Ask each time; the answer is mostly 304.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Serves `assets` for every path that no other route takes.
pub(crate) fn router(assets: &Path) -> Router {
    let index = assets.join(INDEX);
    if !index.is_file() {
        tracing::warn!(index = %index.display(), "there are no pages to serve");
    }
    let files = ServeDir::new(assets)
        .precompressed_br()
        .precompressed_gzip()
        // `/docs` without a slash is a page, no redirection to a directory.
        .append_index_html_on_directories(false);
    Router::new()
        .fallback_service(files)
        .layer(middleware::from_fn_with_state(
            assets.to_owned(),
            page_or_file,
        ))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(cache))
}

/// Lets files through and finds pages.
async fn page_or_file(State(assets): State<PathBuf>, request: Request, next: Next) -> Response {
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    if !readable || !is_page(request.uri().path()) {
        let response = next.run(request).await;
        return if response.status() == StatusCode::NOT_FOUND {
            (StatusCode::NOT_FOUND, "there is no such file\n").into_response()
        } else {
            response
        };
    }
    serve_page(&assets, request).await
}

async fn serve_page(assets: &Path, request: Request) -> Response {
    let (mut head, _) = request.into_parts();
    let pages = page_files(head.uri.path());
    // A conditional or partial request for a page is one for its file.
    head.uri = Uri::from_static("/");
    for page in pages {
        if let Some(response) = serve(&assets.join(page), head.clone()).await {
            return response;
        }
    }
    // The app, which says so. Nobody has it already: it is no page of its own.
    head.headers.remove(IF_MODIFIED_SINCE);
    head.headers.remove(RANGE);
    let index = assets.join(INDEX);
    match serve(&assets.join(NOT_FOUND), head).await {
        Some(mut response) => {
            *response.status_mut() = StatusCode::NOT_FOUND;
            response
        }
        None => {
            let text = format!(
                "{} is not there: build the pages with `cargo xtask serve`, or name their \
                 directory with --assets\n",
                index.display()
            );
            (StatusCode::SERVICE_UNAVAILABLE, text).into_response()
        }
    }
}

/// The answer with this file, if there is one.
async fn serve(file: &Path, head: request::Parts) -> Option<Response> {
    let served = ServeFile::new(file)
        .precompressed_br()
        .precompressed_gzip()
        .try_call(Request::from_parts(head, Body::empty()))
        .await;
    let response = served.ok()?;
    (response.status() != StatusCode::NOT_FOUND).then(|| response.map(Body::new))
}

/// Where the page at `path` may be in the bundle, the likeliest first: a room below [`ROOM_PAGES`] is
/// on the page above it. Never more than two, however many segments a request has.
fn page_files(path: &str) -> Vec<PathBuf> {
    let segments: Vec<_> = path.split('/').filter(|name| !name.is_empty()).collect();
    let has_rooms = ROOM_PAGES.iter().any(|page| path.starts_with(page));
    let above = segments
        .split_last()
        .map(|(_, above)| above)
        .filter(|_| has_rooms);
    // No page is named otherwise, and so nothing leads out of the bundle.
    let is_plain = |name: &&str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    [Some(&*segments), above]
        .into_iter()
        .flatten()
        .filter(|segments| segments.iter().all(is_plain))
        .map(|segments| segments.iter().collect::<PathBuf>().join(INDEX))
        .collect()
}

/// A path whose last segment has no extension is a page.
fn is_page(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    ROOM_PAGES.iter().any(|page| path.starts_with(page)) || !last.contains('.')
}

async fn cache(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let status = response.status();
    let html = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    // Also where there is no page now, there may be one later.
    if status.is_success() || status == StatusCode::NOT_MODIFIED || html {
        let value = if hashed && !html {
            IMMUTABLE
        } else {
            REVALIDATE
        };
        response.headers_mut().insert(CACHE_CONTROL, value);
    }
    response
}

/// Whether a file's name has the hash of its content, as `cargo xtask build` and trunk write it:
/// `name-0123456789abcdef.css`, `name-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _extension)) = name.split_once('.') else {
        return false;
    };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    // The hash is a 64-bit number in hexadecimal digits, without leading zeros.
    (12..=16).contains(&hash.len()) && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_known() {
        for path in [
            "/webrtc-tour-0123456789abcdef_bg.wasm",
            "/app-0123456789abcdef.css",
            "/deep/er/webrtc-tour-f23456789abcde.js",
        ] {
            assert!(is_hashed(path), "{path}");
        }
        for path in [
            "/",
            "/index.html",
            "/favicon.svg",
            "/app-0123456789abcdeg.css",
            "/app-0123.css",
            "/snippets/leptos-0123456789abcdef/inline0.js",
            "/call/0123456789abcdef",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_room_is_on_the_page_above_it() {
        let files = |path: &str| {
            let files = page_files(path).into_iter();
            let files = files.map(|file| file.to_str().unwrap().replace('\\', "/"));
            files.collect::<Vec<_>>()
        };
        assert_eq!(files("/"), ["index.html"]);
        assert_eq!(files("/nat"), ["nat/index.html"]);
        assert_eq!(files("/nat/"), ["nat/index.html"]);
        assert_eq!(files("/nat/x"), ["nat/x/index.html"]);
        assert_eq!(
            files("/call/hall"),
            ["call/hall/index.html", "call/index.html"]
        );
        for room in ["..", "K%C3%BCche", "a.b", "..%2f.."] {
            let path = format!("/firebase/mesh/{room}");
            assert_eq!(files(&path), ["firebase/mesh/index.html"], "{room}");
        }
        assert_eq!(files("/firebase/mesh/x/../.."), [""; 0]);
        let many = "/a".repeat(1_000);
        assert_eq!(files(&format!("/call{many}")).len(), 2);
        assert_eq!(files("/../secret"), [""; 0]);
    }

    #[test]
    fn pages_and_files_are_told_apart() {
        for path in [
            "/",
            "/media-stream",
            "/call/",
            "/call/a.b",
            "/call/x/y.wasm",
            "/mesh/a.b",
            "/firebase/a.b",
            "/firebase/mesh/a.b",
        ] {
            assert!(is_page(path), "{path}");
        }
        for path in [
            "/app.js",
            "/favicon.ico",
            "/a/b.css",
            "/call.js",
            "/mesh.js",
        ] {
            assert!(!is_page(path), "{path}");
        }
    }
}
