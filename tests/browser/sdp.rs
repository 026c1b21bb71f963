//! What the running browser writes, explained in the view: no line without a meaning.

use crate::support::{Mounted, mount, until};
use leptos::prelude::*;
use signaling_protocol::SdpType;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlSelectElement, HtmlTextAreaElement};
use webrtc_tour::components::{SdpExplained, SdpPaste};
use webrtc_tour::pages::peer_connection::PeerConnectionPage;
use webrtc_tour::sdp::Round;

fn all(page: &Mounted, selector: &str) -> Vec<HtmlElement> {
    let root = page.get::<HtmlElement>("h1").parent_element().unwrap();
    let root = root.closest("body > div").unwrap().unwrap_or(root);
    let found = root.query_selector_all(selector).unwrap();
    (0..found.length())
        .map(|index| found.get(index).unwrap().unchecked_into())
        .collect()
}

fn texts(page: &Mounted, selector: &str) -> Vec<String> {
    let elements = all(page, selector);
    elements
        .iter()
        .map(|element| element.text_content().unwrap())
        .collect()
}

/// Chooses an option of the list of descriptions.
fn choose(page: &Mounted, option: &str) {
    let select = page.get::<HtmlSelectElement>(".sdp-choices select");
    select.set_value(option);
    let event = web_sys::Event::new("change").unwrap();
    select.dispatch_event(&event).unwrap();
}

/// Every line of `sdp` is shown once, with a meaning, a source and a number.
fn assert_explained(page: &Mounted, sdp: &str) {
    let mut shown = texts(page, ".sdp-line:not([data-mark=there]) .sdp-text > code");
    let mut written: Vec<_> = sdp.lines().map(str::to_owned).collect();
    shown.sort();
    written.sort();
    let unlike = shown
        .iter()
        .zip(&written)
        .find(|(shown, written)| shown != written);
    assert_eq!((shown.len(), unlike), (written.len(), None));
    for line in all(page, ".sdp-line") {
        let text = line.text_content().unwrap();
        assert!(!line.class_list().contains("is-unknown"), "{text}");
        let meaning = line.query_selector(".sdp-meaning").unwrap().unwrap();
        assert!(meaning.text_content().unwrap().len() > 20, "{text}");
        let link = line
            .query_selector("a")
            .unwrap()
            .unwrap_or_else(|| panic!("no source: {text}"));
        assert!(
            link.get_attribute("href").unwrap().starts_with("https://"),
            "{text}"
        );
    }
}

/// Two rounds between two connections of this browser: a call, then a restart that stops it.
async fn rounds() -> Vec<Round> {
    let script = "(async () => {
        const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
        const rounds = [];
        const tell = async (from, to, who) => {
            await from.setLocalDescription();
            await to.setRemoteDescription(from.localDescription);
            rounds.push([who, from.localDescription.type, from.localDescription.sdp]);
        };
        a.addTransceiver('audio');
        a.addTransceiver('video', { direction: 'sendonly', sendEncodings: [{ rid: 'q' }, { rid: 'f' }] });
        a.createDataChannel('chat');
        await tell(a, b, 'alice');
        await tell(b, a, 'bob');
        a.getTransceivers()[0].direction = 'inactive';
        a.restartIce();
        await tell(a, b, 'alice');
        await tell(b, a, 'bob');
        a.close();
        b.close();
        return JSON.stringify(rounds);
    })()";
    let promise: js_sys::Promise = js_sys::eval(script).unwrap().unchecked_into();
    let json = JsFuture::from(promise).await.unwrap().as_string().unwrap();
    let rounds: Vec<(String, SdpType, String)> = serde_json::from_str(&json).unwrap();
    let round = |(id, (who, kind, sdp))| Round {
        id: id as u64,
        connection: 1,
        who,
        whom: None,
        kind,
        sdp,
    };
    rounds.into_iter().enumerate().map(round).collect()
}

thread_local! {
    static ROUNDS: ArcRwSignal<Vec<Round>> = ArcRwSignal::new(Vec::new());
}

#[wasm_bindgen_test]
async fn every_line_of_this_browser_is_explained_and_compared() {
    let rounds = rounds().await;
    let given = ROUNDS.with(Clone::clone);
    let page = mount(|| {
        let rounds = ROUNDS.with(Clone::clone);
        view! {
            <h1>"Rounds"</h1>
            <SdpExplained rounds />
        }
    })
    .await;
    assert!(page.text().contains("No offer has been made yet."));
    for (index, round) in rounds.iter().enumerate() {
        given.set(rounds[..=index].to_vec());
        // Nothing chosen: the newest is shown.
        let first = round.sdp.lines().nth(1).unwrap().to_owned();
        until("the newest description", || page.text().contains(&first)).await;
        assert_explained(&page, &round.sdp);
        assert!(all(&page, ".sdp-mark").is_empty(), "nothing is compared");
    }

    // Bob's second answer beside Alice's second offer.
    page.click("The other side").await;
    until("the comparison", || {
        page.text().contains("Compared with alice’s offer")
    })
    .await;
    assert!(
        page.text().contains("media flows") || page.text().contains("no media flows"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("All 3 sections share one transport."));
    assert_explained(&page, &rounds[3].sdp);
    let marked = |mark: &str| all(&page, &format!(".sdp-line[data-mark={mark}]")).len();
    assert!(
        marked("same") > 10 && marked("changed") > 3,
        "{} {}",
        marked("same"),
        marked("changed")
    );
    let marks = texts(&page, ".sdp-mark");
    assert!(
        marks.iter().any(|mark| mark.contains("differs")),
        "said in words, not by colour alone"
    );

    // Alice's second offer beside her first.
    choose(&page, "2");
    page.click("The round before").await;
    until("the restart", || {
        page.text().contains("New ICE credentials")
    })
    .await;
    assert!(
        page.text().contains("now sends and receives nothing"),
        "{}",
        page.text()
    );
    assert_explained(&page, &rounds[2].sdp);
    let ufrag = all(&page, ".sdp-line[data-mark=changed]");
    assert!(
        ufrag
            .iter()
            .any(|line| line.text_content().unwrap().contains("a=ice-ufrag"))
    );

    // What came first has nothing before it.
    choose(&page, "0");
    until("the first offer", || {
        !page.text().contains("New ICE credentials")
    })
    .await;
    until("no such comparison", || {
        !page.is_enabled("The round before")
    })
    .await;
    assert_explained(&page, &rounds[0].sdp);
    given.set(Vec::new());
    until("nothing", || {
        page.text().contains("No offer has been made yet.")
    })
    .await;
}

#[wasm_bindgen_test]
async fn open_all_and_close_all_turn_what_is_there() {
    let rounds = rounds().await;
    ROUNDS.with(|signal| signal.set(rounds));
    let page = mount(|| {
        let rounds = ROUNDS.with(Clone::clone);
        view! {
            <h1>"Rounds"</h1>
            <SdpExplained rounds />
        }
    })
    .await;
    let open = || all(&page, "details[open]").len();
    let count = all(&page, "details").len();
    until("it is laid out", || count > 10).await;
    page.click("Open all").await;
    until("all are open", || open() == count).await;
    let first = page.get::<HtmlElement>(".sdp-part");
    first.remove_attribute("open").unwrap();
    page.click("Open all").await;
    until("that one, too", || open() == count).await;
    page.click("Close all").await;
    until("all parts are closed", || {
        all(&page, ".sdp-part[open]").is_empty()
    })
    .await;
    ROUNDS.with(|signal| signal.set(Vec::new()));
}

#[wasm_bindgen_test]
async fn what_is_pasted_is_explained_or_refused_with_a_reason() {
    let page = mount(|| {
        view! {
            <h1>"Paste"</h1>
            <SdpPaste />
        }
    })
    .await;
    let paste = async |text: &str| {
        page.get::<HtmlTextAreaElement>("textarea").set_value(text);
        page.click("Explain").await;
    };
    paste("Dear all,\nhello").await;
    until("the error", || {
        page.text()
            .contains("None of these lines is one of a description")
    })
    .await;
    assert_eq!(
        page.get::<HtmlTextAreaElement>("textarea")
            .get_attribute("aria-invalid")
            .unwrap(),
        "true"
    );

    let answer = rounds().await.remove(1);
    paste(&answer.sdp).await;
    until("what it is", || page.text().contains("Read as an answer.")).await;
    assert_explained(&page, &answer.sdp);
    assert!(all(&page, ".sdp-problems").is_empty(), "{}", page.text());

    let json = serde_json::json!({ "type": "offer", "sdp": answer.sdp }).to_string();
    paste(&json).await;
    until("what it says it is", || {
        page.text().contains("Read as an offer.")
    })
    .await;

    paste("v=0\no=- 1 1 IN IP4 0.0.0.0\ns=-\nt=0 0\nm=audio nine UDP 0\n").await;
    until("the problem", || {
        page.text().contains("Line 5: “nine” is no port")
    })
    .await;
    page.click("Clear").await;
    until("nothing", || all(&page, ".sdp-part").is_empty()).await;
    assert_eq!(page.get::<HtmlTextAreaElement>("textarea").value(), "");
}

#[wasm_bindgen_test]
async fn a_thousand_lines_are_shown_at_once() {
    let mut sdp = rounds().await.remove(0).sdp;
    let section = sdp[sdp.find("m=audio").unwrap()..sdp.find("m=video").unwrap()].to_owned();
    let mut mid = 100;
    while sdp.lines().count() < 1_000 {
        sdp += &section.replace("a=mid:0", &format!("a=mid:{mid}"));
        mid += 1;
    }
    let page = mount(|| {
        view! {
            <h1>"Paste"</h1>
            <SdpPaste />
        }
    })
    .await;
    page.get::<HtmlTextAreaElement>("textarea").set_value(&sdp);
    let began = webrtc_tour::rtc::now_ms();
    page.click("Explain").await;
    until("all lines", || all(&page, ".sdp-line").len() >= 1_000).await;
    let took = webrtc_tour::rtc::now_ms() - began;
    web_sys::console::log_1(&JsValue::from_str(&format!("1000 lines: {took:.0} ms")));
    // Unoptimized, on a busy machine; optimized it is a fraction.
    assert!(took < 5_000.0, "{took} ms");
}

#[wasm_bindgen_test]
async fn a_call_of_the_page_shows_its_descriptions() {
    let page = mount(PeerConnectionPage).await;
    page.switch("Use a synthetic camera");
    page.click("Start").await;
    page.click("Call").await;
    page.click("Inspector").await;
    let tab = "#inspector-tab-sdp";
    until("the views", || page.find::<HtmlElement>(tab).is_some()).await;
    page.get::<HtmlElement>(tab).click();
    until("both descriptions", || {
        texts(&page, ".sdp-choices option")
            == [
                "1. localPeer’s offer to remotePeer",
                "2. remotePeer’s answer to localPeer",
            ]
    })
    .await;
    let answer = page
        .get::<HtmlElement>("#remotePeer .sdp")
        .text_content()
        .unwrap();
    assert_explained(&page, answer.trim());
    let first = page.get::<HtmlElement>(".sdp-choices option");
    choose(&page, &first.get_attribute("value").unwrap());
    let offer = page
        .get::<HtmlElement>("#localPeer .sdp")
        .text_content()
        .unwrap();
    until("the offer", || page.text().contains("the answer decides")).await;
    assert_explained(&page, offer.trim());
}
