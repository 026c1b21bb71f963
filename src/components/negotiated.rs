//! What the two ends of a connection agreed on.

use leptos::prelude::*;

use crate::hooks::{Finding, Watched, use_report};
use crate::states::{ConnectionState, DtlsTransportState};
use crate::statistics::Report;
use crate::statistics::security::{CertificateStat, TransportSecurity, dtls_version};
use crate::verification::{Fingerprint, NoCode, Verification};

const NOT_TOLD: &str = "this browser does not tell";

/// How long until a report is asked for again that says nothing yet.
const ASK_AGAIN_MS: u32 = 200;

/// DTLS, SRTP and the certificates, once connected.
#[component]
pub(crate) fn Negotiated(
    #[prop(into)] watched: Signal<Option<Watched>, LocalStorage>,
    #[prop(into)] code: Signal<Option<Result<Verification, NoCode>>>,
) -> impl IntoView {
    let connected = move || {
        watched.with(|watched| {
            let (connection, states) = watched.as_ref()?;
            (states.connection == ConnectionState::Connected).then(|| connection.clone())
        })
    };
    let transport = use_report(connected, negotiated);
    let rows = move || {
        transport.get().map(|transport| {
            let told = code.get().and_then(Result::ok);
            facts(&transport, told.as_ref())
                .into_iter()
                .map(|(name, value)| {
                    view! {
                        <div>
                            <dt>{name}</dt>
                            <dd>
                                <code>{value}</code>
                            </dd>
                        </div>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <Show when=move || transport.with(Option::is_some)>
            <details class="disclosure">
                <summary>"What was negotiated"</summary>
                <dl class="negotiated">{rows}</dl>
            </details>
        </Show>
    }
}

/// Of the first transport, once it is connected: the report may be a moment older than the state.
fn negotiated(report: &Report) -> Finding<TransportSecurity> {
    let first = report.security().into_iter().next();
    // A browser that tells no transport at all tells none later.
    let transport = first.unwrap_or_default();
    let state = transport.dtls_state;
    match state.is_none_or(|state| state == DtlsTransportState::Connected) {
        true => Finding {
            fact: Some(transport),
            again_ms: None,
        },
        false => Finding {
            fact: None,
            again_ms: Some(ASK_AGAIN_MS),
        },
    }
}

fn facts(
    transport: &TransportSecurity,
    told: Option<&Verification>,
) -> [(&'static str, String); 6] {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| NOT_TOLD.to_owned());
    let version = transport.tls_version.as_deref().map(dtls_version);
    // What statistics leave out, the verification code has found.
    let fingerprint = |stat: &Option<CertificateStat>, known: Option<&Fingerprint>| {
        let stat = stat.as_ref();
        let stat = stat.map(|stat| format!("{} {}", stat.fingerprint_algorithm, stat.fingerprint));
        let known = known.map(|known| format!("{known} (not from getStats)"));
        stat.or(known).unwrap_or_else(|| NOT_TOLD.to_owned())
    };
    [
        ("DTLS version", text(&version)),
        ("DTLS role", text(&transport.dtls_role)),
        ("DTLS cipher", text(&transport.dtls_cipher)),
        ("SRTP profile", text(&transport.srtp_cipher)),
        (
            "Own certificate",
            fingerprint(&transport.local_certificate, told.map(|told| &told.local)),
        ),
        (
            "Other’s certificate",
            fingerprint(&transport.remote_certificate, told.map(|told| &told.remote)),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_connected_yet_is_asked_for_again() {
        let read = |report: &str| negotiated(&Report::from_json(report).unwrap());
        let early = read(r#"[{"id":"T","type":"transport","dtlsState":"connecting"}]"#);
        assert_eq!((early.fact, early.again_ms), (None, Some(ASK_AGAIN_MS)));
        for report in [
            "[]",
            r#"[{"id":"T","type":"transport"}]"#,
            r#"[{"id":"T","type":"transport","dtlsState":"connected"}]"#,
        ] {
            let finding = read(report);
            assert!(
                finding.fact.is_some() && finding.again_ms.is_none(),
                "{report}"
            );
        }
    }

    #[test]
    fn what_the_browser_leaves_out_is_said() {
        let told = facts(&TransportSecurity::default(), None);
        assert!(told.iter().all(|(_, value)| value == NOT_TOLD));
        let transport = TransportSecurity {
            tls_version: Some("FEFD".to_owned()),
            remote_certificate: Some(CertificateStat {
                fingerprint: "AB:CD".to_owned(),
                fingerprint_algorithm: "sha-256".to_owned(),
            }),
            ..TransportSecurity::default()
        };
        let told = facts(&transport, None);
        assert_eq!(told[0], ("DTLS version", "DTLS 1.2".to_owned()));
        assert_eq!(told[5].1, "sha-256 AB:CD");
    }
}
