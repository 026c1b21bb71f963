//! What is said of certificates to those who did not ask for a code.

use std::cell::RefCell;

use leptos::prelude::*;
use signaling_protocol::PeerSignal;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::call::links::{LinkEvent, Links};
use webrtc_tour::components::CertificateWarning;
use webrtc_tour::hooks::{Watched, use_certificates};
use webrtc_tour::lab::pair::End;
use webrtc_tour::negotiation::Role;
use webrtc_tour::rtc::data_channel::{DataChannel, DataChannelOptions};
use webrtc_tour::states::{ConnectionState, SignalingState};
use webrtc_tour::verification::evidence::Whose;
use webrtc_tour::verification::{NoCode, verify};

use crate::support::{mount, trace, until, within};

thread_local! {
    /// What [`Warned`] watches.
    static WATCHED: RefCell<Option<Watched>> = const { RefCell::new(None) };
}

#[component]
fn Warned() -> impl IntoView {
    let watched = Signal::stored_local(WATCHED.with_borrow(Option::clone));
    view! {
        <h1>"Warned"</h1>
        <CertificateWarning watched name=Some("Bob".to_owned()) />
        <Known watched />
    }
}

/// Shows when the certificates are known. It asks for them after the warning does, so what the
/// warning has to say is said by then.
#[component]
fn Known(watched: Signal<Option<Watched>, LocalStorage>) -> impl IntoView {
    let certificates = use_certificates(watched);
    move || {
        certificates
            .get()
            .map(|_| view! { <p class="known">"They are known."</p> })
    }
}

/// Connects two ends; somebody in between may announce a certificate of its own beside the real
/// one, for each of them.
async fn introduced(announces_another: bool) -> (Links<End>, DataChannel) {
    let mut links = Links::new();
    let mut channel = None;
    for (end, role) in [(End::Local, Role::Impolite), (End::Remote, Role::Polite)] {
        let connection = links.add(end, role, &[], trace().tracer("test")).unwrap();
        if role == Role::Impolite {
            let options = DataChannelOptions::default();
            channel = Some(connection.create_data_channel("test", &options).unwrap());
        }
    }
    let another = format!("a=fingerprint:sha-256 {}\r\nm=", ["AB"; 32].join(":"));
    let connected = |links: &Links<End>| {
        End::BOTH.iter().all(|end| {
            let states = links.get(end).unwrap().states();
            states.connection == ConnectionState::Connected
                && states.signaling == SignalingState::Stable
        })
    };
    within("both are connected", async {
        while !connected(&links) {
            match links.next().await {
                (end, LinkEvent::Signal(mut signal)) => {
                    if let PeerSignal::Description(description) = &mut signal
                        && announces_another
                    {
                        description.sdp = description.sdp.replacen("m=", &another, 1);
                    }
                    links.handle_signal(&end.other(), signal);
                }
                (end, LinkEvent::Failed(error)) => panic!("{end:?}: {error}"),
                _ => {}
            }
        }
    })
    .await;
    (links, channel.unwrap())
}

#[wasm_bindgen_test]
async fn a_second_announced_certificate_is_told_to_those_who_did_not_ask() {
    for another in [false, true] {
        let (links, _channel) = introduced(another).await;
        let connection = links.get(&End::Local).unwrap().clone();
        let evidence = || connection.evidence();
        until("the certificates are known", || {
            verify(&evidence()) != Err(NoCode::NotYet)
        })
        .await;
        let watched = (connection.clone().into(), connection.states());
        WATCHED.set(Some(watched));
        let page = mount(Warned).await;
        let alert = || page.find::<HtmlElement>("[role=alert]");
        until("they are known", || {
            page.find::<HtmlElement>(".known").is_some()
        })
        .await;
        if another {
            assert_eq!(verify(&evidence()), Err(NoCode::Several(Whose::Others)));
            let text = alert().unwrap().text_content().unwrap();
            assert!(text.contains("connection to Bob"), "{text}");
            assert!(text.contains("several certificates"), "{text}");
        } else {
            assert!(verify(&evidence()).is_ok());
            assert!(alert().is_none(), "an honest connection is no occasion");
        }
        WATCHED.set(None);
    }
}
