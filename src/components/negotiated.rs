//! What the two ends of a connection agreed on.

use leptos::prelude::*;

use crate::hooks::{Watched, use_task};
use crate::rtc::peer_connection::security::{CertificateStat, TransportSecurity, dtls_version};
use crate::verification::{Fingerprint, NoCode, Verification};

const NOT_TOLD: &str = "this browser does not tell";

/// DTLS, SRTP and the certificates, once connected.
#[component]
pub fn Negotiated(
    #[prop(into)] watched: Signal<Option<Watched>, LocalStorage>,
    #[prop(into)] code: Signal<Option<Result<Verification, NoCode>>>,
) -> impl IntoView {
    let transport = RwSignal::new(None::<TransportSecurity>);
    let asking = use_task();
    Effect::new(move |_| {
        let connected = watched.with(|watched| {
            let (connection, states) = watched.as_ref()?;
            (states.connection == "connected").then(|| connection.clone())
        });
        let Some(connection) = connected else {
            asking.cancel();
            return transport.set(None);
        };
        asking.run(async move {
            // The report may be a moment older than the state.
            loop {
                let Ok(transports) = connection.security().await else {
                    return;
                };
                // A browser that tells no transport at all tells none later.
                let Some(found) = transports.into_iter().next() else {
                    return transport.set(Some(TransportSecurity::default()));
                };
                if found
                    .dtls_state
                    .as_deref()
                    .is_none_or(|state| state == "connected")
                {
                    return transport.set(Some(found));
                }
                gloo_timers::future::TimeoutFuture::new(200).await;
            }
        });
    });
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
