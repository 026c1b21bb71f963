//! Who is in the middle: the page’s own attacker, and what gives it away.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use webrtc_tour::pages::security::SecurityPage;

use crate::support::{Mounted, mount, record_connections, recorded, until};

fn code_of(page: &Mounted, name: &str) -> Option<String> {
    page.find::<HtmlElement>(&format!("#{name} .code"))
        .and_then(|code| code.get_attribute("data-code"))
}

async fn verdict(page: &Mounted, expected: &str) {
    until(&format!("the codes are {expected}"), || {
        let shown = page.get::<HtmlElement>("#verdict");
        shown.get_attribute("data-verdict").as_deref() == Some(expected)
    })
    .await;
}

fn heard(page: &Mounted, whose: &str, text: &str) -> bool {
    let list = page.find::<HtmlElement>(&format!("{whose} .heard"));
    list.is_some_and(|list| list.text_content().unwrap().contains(text))
}

#[wasm_bindgen_test]
async fn the_codes_are_equal_until_somebody_sits_in_the_middle() {
    record_connections();
    let page = mount(SecurityPage).await;
    page.click("Connect Alice and Bob").await;
    for video in ["aliceVideo", "bobVideo"] {
        page.plays(video).await;
    }
    verdict(&page, "equal").await;
    let honest = code_of(&page, "Alice");
    assert_eq!(honest, code_of(&page, "Bob"));
    page.click("Send to Bob").await;
    until("Bob hears Alice", || heard(&page, "#Bob", "Hello Bob")).await;
    assert_eq!(recorded(), (2, 0));
    // Where the browser tells nothing, the page says so.
    until("what was negotiated", || {
        page.get::<HtmlElement>("#Alice")
            .text_content()
            .unwrap()
            .contains("DTLS version")
    })
    .await;

    page.switch("Attack");
    until("the first two are closed, four are there", || {
        recorded() == (6, 2)
    })
    .await;
    for video in ["aliceVideo", "bobVideo", "fromAlice", "fromBob"] {
        page.plays(video).await;
    }
    verdict(&page, "different").await;
    assert_ne!(code_of(&page, "Alice"), code_of(&page, "Bob"));
    page.click("Send to Bob").await;
    page.click("Send to Alice").await;
    until("Bob hears Alice", || {
        heard(&page, "#Bob", "Hello Bob, Alice here")
    })
    .await;
    until("Alice hears Bob", || {
        heard(&page, "#Alice", "Hello Alice, Bob here")
    })
    .await;
    assert!(heard(&page, "#Attacker", "Hello Bob, Alice here"));

    page.switch("Attack");
    verdict(&page, "equal").await;
    assert_ne!(code_of(&page, "Alice"), honest, "new certificates");
    assert_eq!(recorded(), (8, 6));
    drop(page);
    until("all are closed", || recorded() == (8, 8)).await;
}

#[wasm_bindgen_test]
async fn hanging_up_closes_everything_and_one_can_begin_again() {
    record_connections();
    let page = mount(SecurityPage).await;
    page.switch("Attack");
    for round in 1..=2 {
        page.click("Connect Alice and Bob").await;
        verdict(&page, "different").await;
        page.click("Hang Up").await;
        until("all are closed", || recorded() == (4 * round, 4 * round)).await;
        until("no code is left", || code_of(&page, "Alice").is_none()).await;
    }
}

/// While it is there, no browser gives the certificates that the other end showed.
struct Silent;

impl Silent {
    fn new() -> Self {
        js_sys::eval(
            "window.told = Object.getOwnPropertyDescriptor(RTCDtlsTransport.prototype, 'getRemoteCertificates');
             Object.defineProperty(RTCDtlsTransport.prototype, 'getRemoteCertificates',
                 { value: () => [], configurable: true, writable: true });",
        )
        .unwrap();
        Self
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        js_sys::eval(
            "delete RTCDtlsTransport.prototype.getRemoteCertificates;
             if (window.told)
                 Object.defineProperty(RTCDtlsTransport.prototype, 'getRemoteCertificates', window.told);",
        )
        .unwrap();
    }
}

#[wasm_bindgen_test]
async fn a_browser_that_never_tells_its_certificates_is_not_waited_for() {
    record_connections();
    let silent = Silent::new();
    let page = mount(SecurityPage).await;
    page.click("Connect Alice and Bob").await;
    let says = |text: &str| {
        let of = page.get::<HtmlElement>("#Alice");
        of.text_content().unwrap().contains(text)
    };
    until("it is waited for", || {
        says("The code comes with the connection.")
    })
    .await;
    until("it is said that nothing comes, and what to do", || {
        says("this browser does not tell its certificates. Call again")
    })
    .await;
    assert!(code_of(&page, "Alice").is_none());
    // It thinks better of it.
    drop(silent);
    until("there is a code", || code_of(&page, "Alice").is_some()).await;
}
