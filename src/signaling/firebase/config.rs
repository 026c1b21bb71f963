//! Which Firebase database is used, and how to sign in there. Pure.
//!
//! It is read from what people have at hand: the JavaScript that the Firebase console shows, JSON,
//! or just the database's address. <https://firebase.google.com/docs/web/setup#config-object>

mod paste;
mod url;

use serde_json::json;
use thiserror::Error;

use url::DatabaseUrl;

const ACCOUNTS: &str = "identitytoolkit.googleapis.com";
const TOKENS: &str = "securetoken.googleapis.com";

/// A Realtime Database and its sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The root, perhaps below that of the database; without a slash at its end.
    pub database_url: String,
    /// Which database, where an emulator serves several at one address (`?ns=`).
    pub namespace: Option<String>,
    /// Names the project to the sign-in; it is no secret. Without one nobody signs in, and the
    /// database's rules have to allow that.
    pub api_key: Option<String>,
    /// An emulator's sign-in; `None` is Google's.
    pub auth_url: Option<String>,
}

/// Why a text is not the configuration of a database; says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum InvalidConfig {
    #[error(
        "There is nothing here yet. Paste the configuration that the Firebase console shows, or the database’s address."
    )]
    Empty,
    #[error(
        "There is no Firebase configuration in this text. It looks like {{ apiKey: \"…\", databaseURL: \"https://…\" }}; the database’s address alone does, too."
    )]
    NoConfig,
    #[error(
        "This configuration has no databaseURL. Open Realtime Database (not Firestore) in the Firebase console, create one if there is none, and paste the address that stands above its data."
    )]
    NoDatabase,
    #[error("There are several values for {0} in this text. Paste one configuration only.")]
    Ambiguous(&'static str),
    #[error(
        "“{0}” is not a database’s address. It looks like https://name-default-rtdb.firebaseio.com or https://name.europe-west1.firebasedatabase.app."
    )]
    NotUrl(String),
    #[error(
        "This is the address of the Firebase console’s own page. Paste the one that stands above the data on it."
    )]
    Console,
    #[error(
        "What is said to {0} over http can be read on the way. Write https; http is for a database on this machine."
    )]
    Insecure(String),
    #[error(
        "There is a password or a secret in this address. Take it out: the page signs in as somebody without a name."
    )]
    Secret,
    #[error("“{0}” in the address means nothing here. Only ns, an emulator’s, may follow the ?.")]
    Query(String),
    #[error("“{0}” cannot be a place in a database: . $ # [ ] are not allowed there.")]
    Path(String),
    #[error("“{0}” is not an API key. Copy it from the console once more, or leave it out.")]
    ApiKey(String),
}

/// The hosts of Realtime Databases end so.
const FIREBASE_HOSTS: [&str; 2] = [".firebaseio.com", ".firebasedatabase.app"];

impl Config {
    /// Reads what somebody pasted, or what [`Self::to_json`] wrote.
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidConfig> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidConfig::Empty);
        }
        let bare = text.trim_matches(|c: char| matches!(c, '"' | '\'' | '`' | ',' | ';'));
        if bare.contains("://") && !bare.contains(|c: char| c.is_whitespace() || c == '{') {
            return Self::new(bare, None, None);
        }
        // What the console shows above the data, copied without its beginning.
        if FIREBASE_HOSTS
            .iter()
            .any(|host| bare.trim_end_matches('/').ends_with(host))
            && !bare.contains(|c: char| c.is_whitespace() || "{:'\"".contains(c))
        {
            return Self::new(&format!("https://{bare}"), None, None);
        }
        let properties = paste::properties(text);
        let value = |name: &'static str| {
            let named = |(key, value): &&(String, String)| key == name && !value.is_empty();
            let mut values = properties.iter().filter(named).map(|(_, value)| value);
            let first = values.next();
            if values.any(|other| Some(other) != first) {
                return Err(InvalidConfig::Ambiguous(name));
            }
            Ok(first.map(String::as_str))
        };
        let api_key = value("apiKey")?;
        match value("databaseURL")? {
            Some(url) => Self::new(url, api_key, value("authURL")?),
            None if api_key.is_some() || value("projectId")?.is_some() => {
                Err(InvalidConfig::NoDatabase)
            }
            None => Err(InvalidConfig::NoConfig),
        }
    }

    fn new(url: &str, key: Option<&str>, auth_url: Option<&str>) -> Result<Self, InvalidConfig> {
        let database = DatabaseUrl::parse(url)?;
        let is_key = |key: &str| {
            key.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        if let Some(key) = key.filter(|key| !is_key(key)) {
            return Err(InvalidConfig::ApiKey(key.to_owned()));
        }
        Ok(Self {
            database_url: database.root,
            namespace: database.namespace,
            api_key: key.map(str::to_owned),
            auth_url: auth_url
                .map(|url| DatabaseUrl::parse(url).map(|url| url.root))
                .transpose()?,
        })
    }

    /// The database in the signaling server at this root, such as `https://host/base`.
    pub fn embedded(server: &str) -> Self {
        Self {
            database_url: format!("{server}/rtdb"),
            namespace: None,
            // It takes any, as Firebase's own emulator does.
            api_key: Some("embedded".to_owned()),
            auth_url: Some(format!("{server}/rtdb-auth")),
        }
    }

    /// As the console writes it; [`Self::parse`] reads it.
    pub(crate) fn to_json(&self) -> String {
        let mut config = json!({ "databaseURL": self.database_url.clone() + &self.query() });
        if let Some(key) = &self.api_key {
            config["apiKey"] = json!(key);
        }
        if let Some(url) = &self.auth_url {
            config["authURL"] = json!(url);
        }
        config.to_string()
    }

    /// As shown to people: host and path.
    pub(crate) fn name(&self) -> String {
        let (_, name) = self.database_url.split_once("://").unwrap_or_default();
        match &self.namespace {
            Some(namespace) => format!("{name} ({namespace})"),
            None => name.to_owned(),
        }
    }

    /// Where a place in the database is, by its path of keys; `?ns=` follows where it is needed.
    pub fn resource(&self, path: &str) -> String {
        format!(
            "{}/{}.json{}",
            self.database_url,
            url::encoded(path),
            self.query()
        )
    }

    /// Where to get an anonymous account.
    /// <https://cloud.google.com/identity-platform/docs/reference/rest/v1/accounts/signUp>
    pub fn sign_up_url(&self) -> Option<String> {
        self.identity_url(ACCOUNTS, "accounts:signUp")
    }

    /// Where to exchange a refresh token for a new id token.
    /// <https://cloud.google.com/identity-platform/docs/use-rest-api#section-refresh-token>
    pub fn token_url(&self) -> Option<String> {
        self.identity_url(TOKENS, "token")
    }

    fn identity_url(&self, service: &str, method: &str) -> Option<String> {
        let key = self.api_key.as_ref()?;
        Some(match &self.auth_url {
            Some(base) => format!("{base}/{service}/v1/{method}?key={key}"),
            None => format!("https://{service}/v1/{method}?key={key}"),
        })
    }

    fn query(&self) -> String {
        let namespace = self.namespace.as_ref();
        namespace.map_or_else(String::new, |name| format!("?ns={name}"))
    }
}

#[cfg(test)]
mod tests;
