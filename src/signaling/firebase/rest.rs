//! Requests to a database and to its sign-in.
//!
//! <https://firebase.google.com/docs/reference/rest/database>

use futures_util::future::{Either, select};
use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::future::TimeoutFuture;
use serde_json::Value;
use wasm_bindgen::JsValue;

use super::config::Config;
use super::error::DatabaseError;

/// A request that takes longer has failed; a browser alone may wait for minutes.
const TIMEOUT_MS: u32 = 10_000;

/// One database, as one participant reaches it.
#[derive(Clone, Debug)]
pub(super) struct Database {
    config: Config,
    token: Option<String>,
}

impl Database {
    pub(super) fn new(config: Config, token: Option<String>) -> Self {
        Self { config, token }
    }

    /// As shown to people.
    pub(super) fn host(&self) -> String {
        self.config.name()
    }

    /// The whole address of a place, for whoever cannot send headers.
    pub(super) fn url(&self, path: &str, parameters: &str) -> String {
        let mut url = self.config.resource(path);
        let token = self.token.iter().map(|token| format!("auth={token}"));
        let parameters = Some(parameters.to_owned()).filter(|text| !text.is_empty());
        for parameter in token.chain(parameters) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url += &parameter;
        }
        url
    }

    pub(super) async fn get(&self, path: &str, parameters: &str) -> Result<Value, DatabaseError> {
        self.request(Method::GET, &self.url(path, parameters), None)
            .await
    }

    pub(super) async fn put(&self, path: &str, value: &Value) -> Result<Value, DatabaseError> {
        let url = self.url(path, "print=silent");
        self.request(Method::PUT, &url, Some(value)).await
    }

    pub(super) async fn patch(&self, path: &str, value: &Value) -> Result<Value, DatabaseError> {
        let url = self.url(path, "print=silent");
        self.request(Method::PATCH, &url, Some(value)).await
    }

    /// Writes, also when the page is closed before that is done; nobody hears how it went.
    pub(super) fn patch_and_forget(&self, path: &str, value: &Value) {
        let url = self.url(path, "x-http-method-override=PATCH&print=silent");
        let sent = web_sys::window().map(|window| {
            let navigator = window.navigator();
            navigator.send_beacon_with_opt_str(&url, Some(&value.to_string()))
        });
        if !matches!(sent, Some(Ok(true))) {
            // Too much of it is waiting already. What stays behind expires.
            web_sys::console::warn_1(&JsValue::from_str("the database was not told of the end"));
        }
    }

    async fn request(
        &self,
        method: Method,
        url: &str,
        body: Option<&Value>,
    ) -> Result<Value, DatabaseError> {
        let host = self.config.name();
        let body = body.map(|body| ("application/json", body.to_string()));
        let (status, text) = exchange(&host, method, url, body).await?;
        match (status, text.as_str()) {
            (200..300, "") => Ok(Value::Null),
            (200..300, text) => serde_json::from_str(text)
                .map_err(|_| DatabaseError::of_database(&host, status, text)),
            (status, text) => Err(DatabaseError::of_database(&host, status, text)),
        }
    }
}

/// Sends a request and waits for the whole answer: its status and its body. `body` comes with its
/// type.
pub(super) async fn exchange(
    host: &str,
    method: Method,
    url: &str,
    body: Option<(&str, String)>,
) -> Result<(u16, String), DatabaseError> {
    // The browser does not tell a page why, lest it explore the network.
    let unreachable = |_: gloo_net::Error| DatabaseError::Unreachable(host.to_owned());
    let request = async {
        let request = RequestBuilder::new(url)
            .method(method)
            .cache(web_sys::RequestCache::NoStore);
        let request = match body {
            Some((kind, body)) => request.header("content-type", kind).body(body),
            None => request.build(),
        };
        let response = request.map_err(unreachable)?.send().await;
        let response = response.map_err(unreachable)?;
        let text = response.text().await.map_err(unreachable)?;
        Ok((response.status(), text))
    };
    let timeout = TimeoutFuture::new(TIMEOUT_MS);
    match select(Box::pin(request), timeout).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(DatabaseError::Slow(host.to_owned())),
    }
}
