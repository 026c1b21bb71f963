//! How a connection is encrypted, and with whose certificates.

use js_sys::{Array, Function, Reflect, Uint8Array};
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};

use super::super::settled;
use super::PeerConnection;
use crate::error::JsError;
use crate::verification::Evidence;

/// What `getStats()` tells of one transport
/// (<https://www.w3.org/TR/webrtc-stats/#transportstats-dict*>); browsers leave out what they do
/// not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TransportSecurity {
    pub dtls_state: Option<String>,
    /// `client` or `server`
    pub dtls_role: Option<String>,
    /// Four hexadecimal digits, see [`dtls_version`].
    pub tls_version: Option<String>,
    /// By its name in the IANA registry.
    pub dtls_cipher: Option<String>,
    /// The SRTP protection profile.
    pub srtp_cipher: Option<String>,
    pub local_certificate_id: Option<String>,
    pub remote_certificate_id: Option<String>,
    /// Each end's certificate.
    #[serde(skip)]
    pub local_certificate: Option<CertificateStat>,
    #[serde(skip)]
    pub remote_certificate: Option<CertificateStat>,
}

/// <https://www.w3.org/TR/webrtc-stats/#certificatestats-dict*>
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CertificateStat {
    pub fingerprint: String,
    pub fingerprint_algorithm: String,
}

/// The name of a version as `tlsVersion` gives it (RFC 6347 §4.1, RFC 9147 §5.3): the ones'
/// complement of the number.
pub fn dtls_version(tls_version: &str) -> String {
    match tls_version.to_ascii_uppercase().as_str() {
        "FEFF" => "DTLS 1.0".to_owned(),
        "FEFD" => "DTLS 1.2".to_owned(),
        "FEFC" => "DTLS 1.3".to_owned(),
        "" => "not yet".to_owned(),
        other => format!("version {other}"),
    }
}

impl PeerConnection {
    /// What a verification code is made of, as the connection is now.
    pub fn evidence(&self) -> Evidence {
        let sdp = |key| property(&property(&self.inner, key), "sdp").as_string();
        Evidence {
            local_sdp: sdp("currentLocalDescription").unwrap_or_default(),
            remote_sdp: self.announced.borrow().join("\r\n"),
            presented: self.presented(),
        }
    }

    /// The transports, each with its certificates, where the browser tells of them.
    pub async fn security(&self) -> Result<Vec<TransportSecurity>, JsError> {
        let report = settled(Ok(self.inner.get_stats())).await?;
        let (mut transports, mut certificates) = (Vec::new(), Vec::new());
        report
            .unchecked_ref::<js_sys::Map>()
            .for_each(&mut |entry, _| {
                let text = |key| property(&entry, key).as_string().unwrap_or_default();
                match text("type").as_str() {
                    "transport" => {
                        if let Ok(transport) = serde_wasm_bindgen::from_value(entry) {
                            transports.push(transport);
                        }
                    }
                    "certificate" => {
                        let id = text("id");
                        if let Ok(stat) = serde_wasm_bindgen::from_value(entry) {
                            certificates.push((id, stat));
                        }
                    }
                    _ => {}
                }
            });
        let find = |id: &Option<String>| {
            let mut all = certificates.iter();
            let (_, found) = all.find(|(known, _)| Some(known) == id.as_ref())?;
            Some(Clone::clone(found))
        };
        for transport in &mut transports {
            let transport: &mut TransportSecurity = transport;
            transport.local_certificate = find(&transport.local_certificate_id);
            transport.remote_certificate = find(&transport.remote_certificate_id);
        }
        Ok(transports)
    }

    /// Notes which certificates a remote description announces. Not only the newest counts: a
    /// browser may pass over a fingerprint that is announced after the handshake.
    pub(super) fn note_announced(&self, sdp: &str) {
        let mut announced = self.announced.borrow_mut();
        for line in sdp
            .lines()
            .filter(|line| line.starts_with("a=fingerprint:"))
        {
            if !announced.iter().any(|known| known == line) {
                announced.push(line.to_owned());
            }
        }
    }

    /// The first certificate of each connected `RTCDtlsTransport`, which is that of the other end
    /// itself; `None` where the browser does not give it.
    fn presented(&self) -> Option<Vec<Vec<u8>>> {
        let mut transports: Vec<JsValue> = Vec::new();
        let mut note = |transport: JsValue| {
            let connected = property(&transport, "state").as_string();
            if connected.as_deref() == Some("connected") && !transports.contains(&transport) {
                transports.push(transport);
            }
        };
        note(property(&property(&self.inner, "sctp"), "transport"));
        for sender in self.inner.get_senders().iter() {
            note(property(&sender, "transport"));
        }
        for receiver in self.inner.get_receivers().iter() {
            note(property(&receiver, "transport"));
        }
        let prototype = property(
            &property(&js_sys::global(), "RTCDtlsTransport"),
            "prototype",
        );
        property(&prototype, "getRemoteCertificates").dyn_ref::<Function>()?;
        let presented = transports.iter().filter_map(|transport| {
            let get = property(transport, "getRemoteCertificates");
            let all = get.dyn_ref::<Function>()?.call0(transport).ok()?;
            let first = all.dyn_ref::<Array>()?.get(0);
            first
                .is_object()
                .then(|| Uint8Array::new(&first).to_vec())
                .filter(|der| !der.is_empty())
        });
        Some(presented.collect())
    }
}

/// `undefined` where there is none, and of what is no object.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_names() {
        for (version, name) in [
            ("FEFD", "DTLS 1.2"),
            ("fefc", "DTLS 1.3"),
            ("0303", "version 0303"),
            ("", "not yet"),
        ] {
            assert_eq!(dtls_version(version), name);
        }
    }
}
