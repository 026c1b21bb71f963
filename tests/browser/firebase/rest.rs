//! The database as anybody may ask it, beside the transport.

use gloo_net::http::{Method, RequestBuilder};
use serde_json::Value;
use wasm_bindgen::JsValue;
use web_sys::UrlSearchParams;
use webrtc_tour::signaling::firebase::config::Config;

use crate::support::server;

/// Status and answer of a request for a place, with a token.
pub(crate) async fn ask(
    method: &str,
    path: &str,
    token: &str,
    body: Option<&Value>,
) -> (u16, Value) {
    let url = Config::embedded(server()).resource(path);
    let body = body.map(|body| body.to_string().into());
    exchange(method, &format!("{url}?auth={token}"), body).await
}

/// The body's type says what kind it is.
async fn exchange(method: &str, url: &str, body: Option<JsValue>) -> (u16, Value) {
    let request = RequestBuilder::new(url).method(method.parse::<Method>().unwrap());
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let response = request.unwrap().send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    (status, serde_json::from_str(&text).unwrap())
}

/// An account that does as it likes.
pub(crate) struct Stranger {
    pub(crate) id: String,
    refresh_token: String,
}

impl Stranger {
    pub(crate) async fn new() -> Self {
        let url = Config::embedded(server()).sign_up_url().unwrap();
        let (status, account) = exchange("POST", &url, Some("{}".into())).await;
        assert_eq!(status, 200, "{account}");
        let text = |key: &str| account[key].as_str().unwrap().to_owned();
        Self {
            id: text("localId"),
            refresh_token: text("refreshToken"),
        }
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        // Always a fresh token: on a busy machine four seconds are soon over.
        let url = Config::embedded(server()).token_url().unwrap();
        let form = UrlSearchParams::new().unwrap();
        form.append("grant_type", "refresh_token");
        form.append("refresh_token", &self.refresh_token);
        let (status, answer) = exchange("POST", &url, Some(form.into())).await;
        assert_eq!(status, 200, "{answer}");
        ask(method, path, answer["id_token"].as_str().unwrap(), body).await
    }

    /// What it may read.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, value) = self.ask("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {value}");
        value
    }
}

/// Remembers every address that is fetched from now on.
pub(crate) fn record_requests() {
    js_sys::eval(
        "if (!window.fetched) {
            const original = window.fetch.bind(window);
            window.fetched = [];
            window.fetch = (request, ...rest) => {
                window.fetched.push(request.url ?? `${request}`);
                return original(request, ...rest);
            };
        } else { window.fetched.length = 0; }",
    )
    .unwrap();
}

/// The token of the newest recorded request for the ICE servers, with which each connection begins.
pub(crate) fn asked_with() -> String {
    let token = js_sys::eval(
        "new URL(window.fetched.findLast(url => url.includes('/iceServers.json')))
            .searchParams.get('auth')",
    );
    token.unwrap().as_string().unwrap()
}
