//! Who we are to a database: an anonymous account, and the token that proves it for an hour.
//!
//! <https://cloud.google.com/identity-platform/docs/use-rest-api>

use std::cell::{RefCell, RefMut};
use std::rc::Rc;

use gloo_net::http::Method;
use serde::Deserialize;
use signaling_protocol::PeerId;
use signaling_protocol::push_id::PushIds;

use super::config::Config;
use super::error::DatabaseError;
use super::rest::exchange;
use crate::rtc::{now_ms, random_hex};

/// A token is renewed when less than this part of its life is left.
const LAST_PART: f64 = 0.25;

/// One account in one project; its clones are the same.
#[derive(Clone, Debug)]
pub struct Account {
    config: Config,
    state: Rc<RefCell<Option<SignedIn>>>,
    /// The keys of all that this account writes grow, or others would take it for read already.
    ids: Rc<RefCell<PushIds>>,
}

#[derive(Clone, Debug)]
pub(super) struct SignedIn {
    pub(super) me: PeerId,
    /// `None` where nobody signs in.
    pub(super) token: Option<String>,
    refresh_token: String,
    /// By the page's clock.
    renew_at: f64,
}

impl SignedIn {
    fn is_due(&self) -> bool {
        self.renew_at <= now_ms()
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(alias = "idToken")]
    id_token: String,
    #[serde(alias = "refreshToken")]
    refresh_token: String,
    /// Seconds, as text.
    #[serde(alias = "expiresIn")]
    expires_in: String,
    #[serde(alias = "localId")]
    user_id: String,
}

impl Account {
    /// Nobody yet, in the project of this configuration.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            state: Rc::default(),
            ids: Rc::default(),
        }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn ids(&self) -> RefMut<'_, PushIds> {
        self.ids.borrow_mut()
    }

    /// The token is not accepted (any more), whatever its time.
    pub(super) fn distrust(&self) {
        if let Some(signed_in) = self.state.borrow_mut().as_mut() {
            signed_in.renew_at = signed_in.renew_at.min(now_ms());
        }
    }

    /// Whether the token should be renewed.
    pub(super) fn is_due(&self) -> bool {
        let state = self.state.borrow();
        state.as_ref().is_some_and(SignedIn::is_due)
    }

    /// Signs in, or renews the token when that is due.
    pub(super) async fn signed_in(&self) -> Result<SignedIn, DatabaseError> {
        let known = self.state.borrow().clone();
        let signed_in = match known {
            Some(known) if !known.is_due() => return Ok(known),
            Some(known) => match self.renew(&known.refresh_token).await {
                // The account is gone, with the server that knew it.
                Err(DatabaseError::Token) => self.sign_up().await?,
                result => result?,
            },
            None => self.sign_up().await?,
        };
        *self.state.borrow_mut() = Some(signed_in.clone());
        Ok(signed_in)
    }

    async fn sign_up(&self) -> Result<SignedIn, DatabaseError> {
        let Some(url) = self.config.sign_up_url() else {
            return Ok(SignedIn {
                me: PeerId::new(random_hex::<14>()),
                token: None,
                refresh_token: String::new(),
                renew_at: f64::INFINITY,
            });
        };
        let body = r#"{"returnSecureToken":true}"#.to_owned();
        self.ask(&url, "application/json", body).await
    }

    async fn renew(&self, refresh_token: &str) -> Result<SignedIn, DatabaseError> {
        let Some(url) = self.config.token_url() else {
            return self.sign_up().await;
        };
        let token = js_sys::encode_uri_component(refresh_token);
        let body = format!("grant_type=refresh_token&refresh_token={token}");
        self.ask(&url, "application/x-www-form-urlencoded", body)
            .await
    }

    async fn ask(&self, url: &str, kind: &str, body: String) -> Result<SignedIn, DatabaseError> {
        let host = url.split('/').nth(2).unwrap_or_default();
        let (status, text) = exchange(host, Method::POST, url, Some((kind, body))).await?;
        if status != 200 {
            return Err(DatabaseError::of_sign_in(host, status, &text));
        }
        let answer: Answer = serde_json::from_str(&text)
            .map_err(|error| DatabaseError::NotASignIn(host.to_owned(), error.to_string()))?;
        let seconds: f64 = answer.expires_in.parse().unwrap_or_default();
        Ok(SignedIn {
            me: PeerId::new(answer.user_id),
            token: Some(answer.id_token),
            refresh_token: answer.refresh_token,
            renew_at: now_ms() + seconds * 1000.0 * (1.0 - LAST_PART),
        })
    }
}
