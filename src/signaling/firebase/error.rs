//! What a database or its sign-in answers when it does not do what was asked, in words for
//! people. Pure.

use std::fmt;

use serde_json::Value;

use crate::trace::{Detail, Private, detail};

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DatabaseError {
    Unreachable(String),
    Slow(String),
    /// The rules.
    Denied,
    /// The token is of no use (any more).
    Token,
    Quota,
    NoDatabase(String),
    NotADatabase(String, String),
    SignInDisabled,
    NotASignIn(String, String),
    ApiKey,
    Other(String, u16, String),
}

impl std::error::Error for DatabaseError {}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.detail().fmt(f)
    }
}

impl DatabaseError {
    /// What a database at `host` says. <https://firebase.google.com/docs/reference/rest/database#section-error-conditions>
    pub(super) fn of_database(host: &str, status: u16, body: &str) -> Self {
        let host = host.to_owned();
        let json = serde_json::from_str::<Value>(body).ok();
        let error = json.as_ref().and_then(|json| json.get("error")?.as_str());
        let Some(error) = error else {
            return Self::NotADatabase(host, format!("status {status}"));
        };
        match status {
            401 | 403 if error.to_ascii_lowercase().contains("token") => Self::Token,
            401 | 403 => Self::Denied,
            402 | 429 => Self::Quota,
            _ if error.to_ascii_lowercase().contains("quota") => Self::Quota,
            404 => Self::NoDatabase(host),
            _ => Self::Other(host, status, error.to_owned()),
        }
    }

    /// What the sign-in at `host` says.
    /// <https://cloud.google.com/identity-platform/docs/reference/rest/v1/accounts/signUp>
    pub(super) fn of_sign_in(host: &str, status: u16, body: &str) -> Self {
        let json = serde_json::from_str::<Value>(body).ok();
        let message = json
            .as_ref()
            .and_then(|json| json.get("error")?.get("message")?.as_str());
        let Some(message) = message else {
            return Self::NotASignIn(host.to_owned(), format!("status {status}"));
        };
        // A colon is followed by an explanation.
        match message.split([' ', ':']).next().unwrap_or_default() {
            "ADMIN_ONLY_OPERATION" | "OPERATION_NOT_ALLOWED" | "CONFIGURATION_NOT_FOUND" => {
                Self::SignInDisabled
            }
            "TOO_MANY_ATTEMPTS_TRY_LATER" | "QUOTA_EXCEEDED" => Self::Quota,
            "INVALID_REFRESH_TOKEN" | "TOKEN_EXPIRED" | "USER_NOT_FOUND" | "USER_DISABLED" => {
                Self::Token
            }
            _ if message.starts_with("API key") || status == 403 => Self::ApiKey,
            _ => Self::Other(host.to_owned(), status, message.to_owned()),
        }
    }
}

impl DatabaseError {
    /// What it says; the host is known to be one.
    pub(super) fn detail(&self) -> Detail {
        let host = |name: &String| Private::Host.of(name);
        match self {
            Self::Unreachable(name) => detail![
                "no answer from ",
                host(name),
                "; check the network and the address"
            ],
            Self::Slow(name) => detail![host(name), " does not answer in time"],
            Self::NoDatabase(name) => detail![
                "there is no Realtime Database at ",
                host(name),
                "; compare databaseURL with the one in the console"
            ],
            Self::NotADatabase(name, why) => detail![
                "what answers at ",
                host(name),
                " is not a Realtime Database: ",
                why.clone()
            ],
            Self::NotASignIn(name, why) => detail![
                "what answers at ",
                host(name),
                " is not a sign-in: ",
                why.clone(),
                "; check the address of the server, or authURL"
            ],
            Self::Other(name, status, why) => {
                detail![host(name), " answers ", *status, ": ", why.clone()]
            }
            Self::Denied => "its rules refuse it; give it the rules of this tour, and a configuration with its apiKey, so that participants can sign in".into(),
            Self::Token => "it does not accept our sign-in; the apiKey may be that of another project".into(),
            Self::Quota => "its project is over its quota; wait, or raise its plan".into(),
            Self::SignInDisabled => "its project lets nobody sign in anonymously; enable it in the console, under Authentication, Sign-in method".into(),
            Self::ApiKey => "the apiKey is not valid; copy it from the console again".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::Recording;
    use crate::signaling::firebase::config::Config;
    use crate::trace::Trace;
    use crate::trace::vocabulary::Part;

    #[test]
    fn each_answer_of_a_database_has_its_text() {
        let told = |status, body: &str| DatabaseError::of_database("x.example", status, body);
        assert_eq!(
            told(401, r#"{"error":"Permission denied"}"#),
            DatabaseError::Denied
        );
        for token in ["Auth token is expired", "Could not parse auth token."] {
            assert_eq!(
                told(401, &format!(r#"{{"error":"{token}"}}"#)),
                DatabaseError::Token
            );
        }
        assert_eq!(
            told(402, r#"{"error":"Quota has been exceeded"}"#),
            DatabaseError::Quota
        );
        assert_eq!(
            told(404, r#"{"error":"404 Not Found"}"#),
            DatabaseError::NoDatabase("x.example".into())
        );
        let page = told(200, "<!doctype html>");
        assert!(matches!(page, DatabaseError::NotADatabase(..)));
        assert!(
            told(503, r#"{"error":"busy"}"#)
                .to_string()
                .contains("503: busy")
        );
    }

    #[test]
    fn each_answer_of_the_sign_in_has_its_text() {
        let told = |status, message: &str| {
            let body = serde_json::json!({ "error": { "code": status, "message": message } });
            DatabaseError::of_sign_in("id.example", status, &body.to_string())
        };
        assert_eq!(
            told(400, "ADMIN_ONLY_OPERATION"),
            DatabaseError::SignInDisabled
        );
        assert_eq!(
            told(400, "OPERATION_NOT_ALLOWED : Anonymous is disabled"),
            DatabaseError::SignInDisabled
        );
        assert_eq!(
            told(400, "API key not valid. Please pass a valid API key."),
            DatabaseError::ApiKey
        );
        assert_eq!(told(400, "INVALID_REFRESH_TOKEN"), DatabaseError::Token);
        for body in ["", "<!doctype html>", r#"{"error":"no such file"}"#] {
            let told = DatabaseError::of_sign_in("id.example", 404, body).to_string();
            assert!(told.starts_with("what answers at id.example is not a sign-in: status 404"));
        }
        assert_eq!(
            told(400, "TOO_MANY_ATTEMPTS_TRY_LATER : retry"),
            DatabaseError::Quota
        );
        assert!(told(500, "INTERNAL").to_string().contains("500: INTERNAL"));
    }

    /// What is shown of it in a redacted recording.
    fn redacted(detail: impl Into<Detail>) -> String {
        let trace = Trace::new(|| 0.0);
        trace
            .tracer(Part::Signaling)
            .error("EventSource", detail.into());
        let recording = Recording::new(trace.entries(), Vec::new()).redacted();
        recording.entries()[0].detail.to_string()
    }

    #[test]
    fn none_of_the_texts_tells_in_a_redacted_recording_whose_database_it_is() {
        for (url, hidden) in [
            (
                "https://kims-project-default-rtdb.europe-west1.firebasedatabase.app",
                &["kims"][..],
            ),
            ("https://kims-project.firebaseio.com/tour", &["kims"]),
            ("https://tour.kim.example:8443/base/rtdb", &["kim.example"]),
            (
                "https://db.kim.example/x?ns=kims-project",
                &["kim.example", "kims"],
            ),
        ] {
            let name = Config::parse(url).unwrap().name();
            for error in [
                DatabaseError::Unreachable(name.clone()),
                DatabaseError::Slow(name.clone()),
                DatabaseError::NoDatabase(name.clone()),
                DatabaseError::NotADatabase(name.clone(), "status 200".to_owned()),
                DatabaseError::NotASignIn(name.clone(), "status 404".to_owned()),
                DatabaseError::Other(name.clone(), 503, "busy".to_owned()),
            ] {
                let text = error.to_string();
                assert!(text.contains(&name), "{text}");
                let shown = redacted(error.detail());
                assert!(shown.contains("host-1"), "{shown}");
                // A text alone says nothing of what it has.
                let lost = redacted(format!("lost: {text}"));
                assert_eq!(lost, "text-1");
                for hidden in hidden {
                    assert!(!shown.contains(hidden), "{hidden} in {shown}");
                }
            }
        }
        let page = detail![
            "the page is at ",
            Private::Host.of("kims-project.firebaseio.com"),
            "."
        ];
        assert_eq!(redacted(page), "the page is at host-1.");
        let other = DatabaseError::Slow("db.kim.example".to_owned());
        assert_eq!(redacted(other.detail()), "host-1 does not answer in time");
    }
}
