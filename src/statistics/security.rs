//! How a connection is encrypted, as its statistics tell.

use super::{Report, Stat, Value};
use crate::states::DtlsTransportState;

/// What `getStats()` tells of one transport
/// (<https://www.w3.org/TR/webrtc-stats/#transportstats-dict*>); browsers leave out what they do
/// not tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransportSecurity {
    pub(crate) dtls_state: Option<DtlsTransportState>,
    /// `client` or `server`
    pub(crate) dtls_role: Option<String>,
    /// Four hexadecimal digits, see [`dtls_version`].
    pub(crate) tls_version: Option<String>,
    /// By its name in the IANA registry.
    pub(crate) dtls_cipher: Option<String>,
    /// The SRTP protection profile.
    pub(crate) srtp_cipher: Option<String>,
    /// Each end's certificate.
    pub local_certificate: Option<CertificateStat>,
    pub remote_certificate: Option<CertificateStat>,
}

/// <https://www.w3.org/TR/webrtc-stats/#certificatestats-dict*>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateStat {
    pub fingerprint: String,
    pub fingerprint_algorithm: String,
}

impl Report {
    /// The transports, each with its certificates, where the browser tells of them.
    pub fn security(&self) -> Vec<TransportSecurity> {
        let security = |transport| TransportSecurity {
            dtls_state: text(transport, "dtlsState").map(|word| (&*word).into()),
            dtls_role: text(transport, "dtlsRole"),
            tls_version: text(transport, "tlsVersion"),
            dtls_cipher: text(transport, "dtlsCipher"),
            srtp_cipher: text(transport, "srtpCipher"),
            local_certificate: self.certificate(transport, "localCertificateId"),
            remote_certificate: self.certificate(transport, "remoteCertificateId"),
        };
        self.of_kind("transport").map(security).collect()
    }

    fn certificate(&self, transport: &Stat, member: &str) -> Option<CertificateStat> {
        let stat = self.linked(transport, member)?;
        (stat.kind() == "certificate").then(|| CertificateStat {
            fingerprint: text(stat, "fingerprint").unwrap_or_default(),
            fingerprint_algorithm: text(stat, "fingerprintAlgorithm").unwrap_or_default(),
        })
    }
}

/// Also an empty one, which is told of what is not there yet.
fn text(stat: &Stat, member: &str) -> Option<String> {
    match stat.value(member)? {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The name of a version as `tlsVersion` gives it (RFC 6347 §4.1, RFC 9147 §5.3): the ones'
/// complement of the number.
pub(crate) fn dtls_version(tls_version: &str) -> String {
    match tls_version.to_ascii_uppercase().as_str() {
        "FEFF" => "DTLS 1.0".to_owned(),
        "FEFD" => "DTLS 1.2".to_owned(),
        "FEFC" => "DTLS 1.3".to_owned(),
        "" => "not yet".to_owned(),
        other => format!("version {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testdata::{chromium, firefox};
    use super::*;

    #[test]
    fn each_browser_tells_what_it_knows_of_its_transport() {
        let [chromium, firefox] = [chromium(), firefox()].map(|recording| {
            let security = recording.local[2].stats.security();
            assert_eq!(security.len(), 1);
            security[0].clone()
        });
        for told in [&chromium, &firefox] {
            assert_eq!(told.dtls_state, Some(DtlsTransportState::Connected));
        }
        let own = chromium.local_certificate.unwrap();
        assert_eq!(own.fingerprint_algorithm, "sha-256");
        assert_ne!(
            own.fingerprint,
            chromium.remote_certificate.unwrap().fingerprint
        );
        assert_eq!(firefox.local_certificate, None);
    }

    #[test]
    fn what_is_empty_is_told_apart_from_what_is_missing() {
        let report = r#"[{"id":"T","type":"transport","tlsVersion":"","dtlsState":"improved",
            "localCertificateId":"T"}]"#;
        let security = Report::from_json(report).unwrap().security();
        assert_eq!(security[0].tls_version.as_deref(), Some(""));
        assert_eq!(security[0].srtp_cipher, None);
        assert_eq!(security[0].dtls_state, Some(DtlsTransportState::Unknown));
        assert_eq!(security[0].local_certificate, None, "no certificate");
    }

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
