//! What protects a page and a connection: permissions, certificates, the code made of them.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::call::links::LinkEvent;
use webrtc_tour::lab::pair::{End, Pair};
use webrtc_tour::pages::security::SecurityPage;
use webrtc_tour::rtc::data_channel::DataChannelOptions;
use webrtc_tour::states::{ConnectionState, SignalingState};
use webrtc_tour::verification::{Fingerprint, NoCode, Source, Verification, verify};

use crate::facts::says;
use crate::support::{mount, trace, until, within};

async fn answer(script: &str) -> JsValue {
    let promise = js_sys::eval(&format!("(async () => {script})()"));
    JsFuture::from(promise.unwrap().unchecked_into::<js_sys::Promise>())
        .await
        .unwrap()
}

#[wasm_bindgen_test]
async fn context_and_permissions_are_shown_as_the_browser_tells_them() {
    let page = mount(SecurityPage).await;
    let fact = |name: &str| {
        let cell = page.get::<HtmlElement>(&format!("[data-fact={name}] td"));
        cell.text_content().unwrap().trim().to_owned()
    };
    assert!(says("window.isSecureContext"));
    assert_eq!(fact("secure-context"), "yes");
    for name in ["camera", "microphone"] {
        let script = format!(
            "{{ try {{ return (await navigator.permissions.query({{ name: '{name}' }})).state }} catch {{ return 'not told' }} }}"
        );
        let expected = answer(&script).await.as_string().unwrap();
        until("the permission", || fact(name) == expected).await;
    }
}

/// Runs both ends until they are connected and nothing is being negotiated.
async fn settle(pair: &mut Pair) {
    let settled = |pair: &Pair| {
        End::BOTH.iter().all(|end| {
            let connection = pair.connection(*end).unwrap();
            connection.states().connection == ConnectionState::Connected
                && connection.signaling_state() == SignalingState::Stable
        })
    };
    within("both are connected", async {
        while !settled(pair) {
            if let (end, LinkEvent::Failed(error)) = pair.next().await {
                panic!("{end:?}: {error}");
            }
        }
    })
    .await;
}

async fn verified(pair: &Pair, end: End) -> Verification {
    within("the code", async {
        loop {
            match verify(&pair.connection(end).unwrap().evidence()) {
                Err(NoCode::NotYet) => gloo_timers::future::TimeoutFuture::new(20).await,
                result => return result.unwrap(),
            }
        }
    })
    .await
}

#[wasm_bindgen_test]
async fn both_ends_of_a_connection_have_one_code_that_stays_and_the_next_has_another() {
    let mut codes = Vec::new();
    for _ in 0..2 {
        let mut pair = Pair::new(&trace()).unwrap();
        let local = pair.connection(End::Local).unwrap().clone();
        assert_eq!(verify(&local.evidence()), Err(NoCode::NotYet));
        let options = DataChannelOptions::default();
        let _channel = local.create_data_channel("test", &options).unwrap();
        settle(&mut pair).await;
        let (one, other) = (
            verified(&pair, End::Local).await,
            verified(&pair, End::Remote).await,
        );
        assert_eq!(one.code, other.code);
        assert_eq!((&one.local, &one.remote), (&other.remote, &other.local));
        let gives = says("'getRemoteCertificates' in RTCDtlsTransport.prototype");
        let source = if gives {
            Source::Handshake
        } else {
            Source::Description
        };
        assert_eq!((one.source, other.source), (source, source));

        // What statistics tell, where they do, is the same.
        for transport in local.stats().await.unwrap().security() {
            for (stat, known) in [
                (&transport.local_certificate, &one.local),
                (&transport.remote_certificate, &one.remote),
            ] {
                if let Some(stat) = stat {
                    let text = format!("{} {}", stat.fingerprint_algorithm, stat.fingerprint);
                    assert_eq!(text.parse::<Fingerprint>().as_ref(), Ok(known));
                }
            }
        }

        local.restart_ice();
        within("a new offer", async {
            loop {
                if let (End::Local, LinkEvent::Signal(_)) = pair.next().await {
                    return;
                }
            }
        })
        .await;
        settle(&mut pair).await;
        assert_eq!(verified(&pair, End::Local).await.code, one.code);
        codes.push(one.code);
    }
    assert_ne!(codes[0], codes[1]);
}
