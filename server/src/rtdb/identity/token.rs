//! What a token says, how it is signed, and whether to believe it. Pure: time and randomness are
//! arguments.
//!
//! An id token is a JWT with the claims of Firebase's (RFC 7519; HS256, because who signs is who
//! verifies). A refresh token is a secret, and the user id its digest: whoever has it is that user,
//! also after a restart that forgot the key.
//! <https://firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library>

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{digest, hmac};
use serde_json::{Value, json};

use crate::rtdb::access::{Auth, AuthError};

/// What a Firebase project is called; here it only fills its place.
pub(crate) const PROJECT: &str = "webrtc-tour";

/// Of a key.
pub(crate) const KEY_BYTES: usize = 32;

const ISSUER: &str = "https://securetoken.google.com/webrtc-tour";
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// Of a refresh token: letters and digits, more than anybody can guess.
pub(crate) const REFRESH_CHARS: usize = 48;

/// As many characters as Firebase's user ids have.
const UID_CHARS: usize = 28;

/// No token of ours is longer.
const MAX_CHARS: usize = 2048;

/// Signs tokens, and knows which ones it has signed.
pub struct Signer {
    key: hmac::Key,
    lifetime_s: u64,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// Tokens say their times in seconds: a shorter lifetime becomes one.
    pub(crate) fn new(key: &[u8; KEY_BYTES], lifetime: Duration) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            lifetime_s: lifetime.as_secs().max(1),
        }
    }

    /// How long an id token is valid.
    pub(crate) fn lifetime_s(&self) -> u64 {
        self.lifetime_s
    }

    /// Says for a while that its bearer is this anonymous user.
    pub fn id_token(&self, uid: &str, now_ms: u64) -> String {
        let now_s = now_ms / 1000;
        let claims = json!({
            "iss": ISSUER,
            "aud": PROJECT,
            "sub": uid,
            "user_id": uid,
            "auth_time": now_s,
            "iat": now_s,
            "exp": now_s.saturating_add(self.lifetime_s),
            "provider_id": "anonymous",
            "firebase": {"identities": {}, "sign_in_provider": "anonymous"},
        });
        let header = URL_SAFE_NO_PAD.encode(HEADER);
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
        self.signed(&format!("{header}.{claims}"))
    }

    /// Whose id token this is.
    ///
    /// # Errors
    ///
    /// When it is not one of this signer's, or no longer valid.
    pub fn verify(&self, token: &str, now_ms: u64) -> Result<Auth, AuthError> {
        let said = self.opened(token).ok_or(AuthError::Malformed)?;
        let (_, claims) = said.split_once('.').ok_or(AuthError::Malformed)?;
        let claims = URL_SAFE_NO_PAD.decode(claims).ok();
        let claims = claims.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let claims = claims.ok_or(AuthError::Malformed)?;
        let uid = claims["sub"].as_str().map(str::to_owned);
        let expires = claims["exp"].as_u64().and_then(|s| s.checked_mul(1000));
        let (Some(uid), Some(expires_ms)) = (uid, expires) else {
            return Err(AuthError::Malformed);
        };
        if now_ms >= expires_ms {
            return Err(AuthError::Expired);
        }
        let provider = claims["provider_id"].clone();
        Ok(Auth {
            variables: json!({"uid": uid, "provider": provider, "token": claims}),
            uid,
            expires_ms,
        })
    }

    fn signed(&self, text: &str) -> String {
        format!("{text}.{}", self.signature(text))
    }

    /// What was signed, if this is the signer's.
    fn opened<'a>(&self, token: &'a str) -> Option<&'a str> {
        let token = Some(token).filter(|token| token.len() <= MAX_CHARS)?;
        let (text, signature) = token.rsplit_once('.')?;
        self.is_signature(signature, text).then_some(text)
    }

    fn signature(&self, text: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.key, text.as_bytes()))
    }

    /// In a time that does not depend on how much of it is right.
    fn is_signature(&self, signature: &str, text: &str) -> bool {
        let signature = URL_SAFE_NO_PAD.decode(signature);
        signature.is_ok_and(|tag| hmac::verify(&self.key, text.as_bytes(), &tag).is_ok())
    }
}

/// The user whose refresh token this is, if it is one.
pub(crate) fn user_of(refresh_token: &str) -> Option<String> {
    let fits = refresh_token.len() == REFRESH_CHARS
        && refresh_token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric());
    let digest = fits.then(|| digest::digest(&digest::SHA256, refresh_token.as_bytes()))?;
    let bytes = digest.as_ref().iter().take(UID_CHARS / 2);
    Some(bytes.map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_700_000_000_123;

    fn signer(key: u8) -> Signer {
        Signer::new(&[key; KEY_BYTES], Duration::from_secs(60))
    }

    #[test]
    fn a_token_says_who_and_until_when() {
        let token = signer(1).id_token("ann", NOW);
        let auth = signer(1).verify(&token, NOW + 1).unwrap();
        assert_eq!(auth.uid, "ann");
        assert_eq!(auth.expires_ms, 1_700_000_060_000);
        assert_eq!(auth.variables["uid"], "ann");
        assert_eq!(auth.variables["provider"], "anonymous");
        let claims = &auth.variables["token"];
        assert_eq!(claims["sub"], "ann");
        assert_eq!(claims["user_id"], "ann");
        assert_eq!(claims["aud"], PROJECT);
        assert_eq!(claims["iat"], 1_700_000_000);
        assert_eq!(claims["exp"], 1_700_000_060);
        assert_eq!(claims["firebase"]["sign_in_provider"], "anonymous");
        assert_eq!(signer(1).verify(&token, 1_700_000_059_999), Ok(auth));
        assert_eq!(
            signer(1).verify(&token, 1_700_000_060_000),
            Err(AuthError::Expired)
        );
    }

    #[test]
    fn a_token_is_a_jwt() {
        let token = signer(1).id_token("ann", NOW);
        let parts: Vec<_> = token.split('.').collect();
        assert_eq!(parts.len(), 3);
        let header = URL_SAFE_NO_PAD.decode(parts[0]).unwrap();
        assert_eq!(header, HEADER.as_bytes());
    }

    #[test]
    fn another_key_signs_other_tokens() {
        let id = signer(2).id_token("ann", NOW);
        assert_eq!(signer(1).verify(&id, NOW), Err(AuthError::Malformed));
    }

    #[test]
    fn a_refresh_token_is_one_users_for_ever() {
        let secret = "aB3".repeat(16);
        let user = user_of(&secret).unwrap();
        assert_eq!(user.len(), UID_CHARS);
        assert!(user.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_eq!(user_of(&secret), Some(user.clone()));
        assert_ne!(user_of(&"aB4".repeat(16)), Some(user));
        let signer = signer(1);
        assert_eq!(signer.verify(&secret, NOW), Err(AuthError::Malformed));
        assert_eq!(user_of(&signer.id_token("ann", NOW)), None);
        for bad in ["", "short", &"é".repeat(24), &"-".repeat(48)] {
            assert_eq!(user_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_unsigned_token_is_nobodys() {
        let token = signer(1).id_token("ann", NOW);
        let (_, rest) = token.split_once('.').unwrap();
        let (claims, _) = rest.split_once('.').unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        for forged in [
            format!("{none}.{claims}."),
            format!("{none}.{claims}"),
            format!("{none}.{rest}"),
            format!(".{rest}"),
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "x".repeat(1 << 20),
        ] {
            assert_eq!(signer(1).verify(&forged, NOW), Err(AuthError::Malformed));
            assert_eq!(user_of(&forged), None);
        }
    }

    proptest! {
        #[test]
        fn one_changed_character_is_noticed(at in 0_usize..300, to in "[A-Za-z0-9_.-]") {
            let signer = signer(1);
            let token = signer.id_token("ann", NOW);
            let at = at % token.len();
            let mut changed = token.clone();
            changed.replace_range(at..=at, &to);
            if changed != token {
                prop_assert_eq!(signer.verify(&changed, NOW), Err(AuthError::Malformed));
            }
        }

        #[test]
        fn any_text_is_a_token_or_not(text in "\\PC{0,80}") {
            let _ = signer(1).verify(&text, NOW);
            let _ = user_of(&text);
        }
    }
}
