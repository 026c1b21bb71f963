//! The layers of this crate and of the server as they are, and that breaking them is noticed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Layers, Modules, circles, forbidden};

/// What knows a browser: not for what decides.
const BROWSER: &[&str] = &[
    "web_sys",
    "js_sys",
    "leptos",
    "leptos_router",
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "gloo_events",
    "gloo_net",
    "gloo_timers",
];

/// Time and random numbers are arguments of what decides.
const CLOCK: &[&str] = &[
    "std::time::Instant::now",
    "std::time::SystemTime::now",
    "tokio::time",
    "rand",
    "getrandom",
];

/// What reaches the network, a device or the disk: not for views, which show what a hook gives them.
const NETWORK: &[&str] = &[
    "gloo_net",
    "web_sys::BroadcastChannel",
    "web_sys::EventSource",
    "web_sys::MediaDevices",
    "web_sys::Request",
    "web_sys::Response",
    "web_sys::RtcDataChannel",
    "web_sys::RtcPeerConnection",
    "web_sys::RtcRtpReceiver",
    "web_sys::RtcRtpSender",
    "web_sys::Storage",
    "web_sys::WebSocket",
    "web_sys::Worker",
    "web_sys::XmlHttpRequest",
];

/// The server's, from the ground up. Its parts do not know each other.
const SERVER: &[(&str, &[&str])] = &[
    (
        "ground",
        &["error", "files", "limits", "rate_limit", "services"],
    ),
    ("carry", &["http"]),
    ("parts", &["rtdb", "signaling"]),
    ("assemble", &["app", "config"]),
];

/// What decides at the server, apart from parts of them that are adapters.
const SERVER_DECIDES: &[&str] = &[
    "signaling::frames",
    "signaling::replay",
    "signaling::rooms",
    "rtdb::event",
    "rtdb::json",
    "rtdb::key",
    "rtdb::node",
    "rtdb::path",
    "rtdb::query",
    "rtdb::rules",
    "rtdb::write",
];

fn read(file: &str) -> Option<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).ok()
}

fn front_end() -> (Layers, Modules) {
    let library = read("src/lib.rs").expect("this crate has a library");
    (
        Layers::documented(&library),
        Modules::load("webrtc_tour", "src", &read),
    )
}

fn server() -> Modules {
    Modules::load("webrtc_tour_server", "server/src", &read)
}

fn expect_none(findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{} found:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

#[test]
fn no_arrow_of_the_front_end_runs_up() {
    let (layers, modules) = front_end();
    let names: Vec<_> = layers.0.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Ground", "Decide", "Carry", "Show", "Start"]);
    expect_none(&layers.findings(&modules));
}

#[test]
fn no_arrow_of_the_server_runs_up() {
    expect_none(&Layers::given(SERVER).findings(&server()));
}

#[test]
fn nothing_goes_round_in_a_circle() {
    let mut found = circles(&front_end().1);
    found.extend(circles(&server()));
    expect_none(&found);
}

#[test]
fn the_parts_of_the_server_do_not_know_each_other() {
    let modules = server();
    let top = |index: usize| modules.all[index].path.first().map(String::as_str);
    let between = modules.arrows().into_iter().filter(|arrow| {
        matches!(
            (top(arrow.from), top(arrow.to)),
            (Some("rtdb"), Some("signaling")) | (Some("signaling"), Some("rtdb"))
        )
    });
    let found: Vec<_> = between.map(|arrow| modules.in_words(&arrow)).collect();
    expect_none(&found);
}

#[test]
fn what_decides_knows_no_browser_and_no_clock() {
    let (layers, modules) = front_end();
    let (_, decide) = layers
        .0
        .iter()
        .find(|(name, _)| name == "Decide")
        .expect("a heading");
    let decide: Vec<_> = decide.iter().map(String::as_str).collect();
    expect_none(&forbidden(&modules, &decide, &[BROWSER, CLOCK].concat()));
    let network = ["axum", "tokio", "hyper", "hyper_util"];
    let mut server = forbidden(&server(), SERVER_DECIDES, &[&network, CLOCK].concat());
    // A text that several may hold: a value, no connection.
    server.retain(|finding| !finding.contains("axum::extract::ws::Utf8Bytes"));
    expect_none(&server);
}

#[test]
fn views_reach_no_network_and_no_device() {
    let (_, modules) = front_end();
    expect_none(&forbidden(&modules, &["components", "pages"], NETWORK));
}

/// A crate of these files.
fn crate_of(files: &[(&str, &str)]) -> Modules {
    let files: BTreeMap<_, _> = files.iter().copied().collect();
    Modules::load("small", "src", &|file| {
        files.get(file).map(|text| (*text).to_owned())
    })
}

fn arrows(files: &[(&str, &str)]) -> Vec<String> {
    let modules = crate_of(files);
    let arrows = modules.arrows();
    arrows.iter().map(|arrow| modules.in_words(arrow)).collect()
}

#[test]
fn an_arrow_is_seen_wherever_it_stands() {
    let declared = (
        "src/b.rs",
        "pub struct B; pub fn run() {} pub mod inner { pub struct C; }",
    );
    let library = ("src/lib.rs", "mod a; mod b;");
    for text in [
        "use crate::b::B;",
        "use crate::{b::{B as Other}};",
        "use super::b::B;",
        "pub(crate) use crate::b::B;",
        "fn a() { use crate::b::B; }",
        "fn a() { crate::b::B::new(); }",
        "fn a() { show! { <p class:a=1>{crate::b::B}</p> } }",
        "use crate::b; fn a() -> b::B { b::B }",
        "mod deeper { fn a() { super::super::b::B } }",
        "use small::b::B;",
    ] {
        let found = arrows(&[library, declared, ("src/a.rs", text)]);
        assert_eq!(found, ["src/a.rs → src/b.rs (B)"], "{text}");
    }
    let glob = arrows(&[library, declared, ("src/a.rs", "use crate::b::*;")]);
    assert_eq!(glob, ["src/a.rs → src/b.rs (*)"]);
    let inner = arrows(&[
        library,
        declared,
        ("src/a.rs", "use crate::b::inner; fn a(_: inner::C) {}"),
    ]);
    assert_eq!(inner, ["src/a.rs → src/b.rs (C)"]);
}

#[test]
fn what_is_no_arrow_is_none() {
    for text in [
        "// use crate::b::B;",
        "/// [`crate::b::B`]\nfn a() {}",
        "fn a() { \"crate::b::B\"; }",
        "#[cfg(test)] use crate::b::B;",
        "#[cfg(test)] mod tests { use crate::b::B; }",
        "#[cfg(all(test, not(windows)))] fn a(b: crate::b::B) -> u8 { 1 }",
        "struct A { #[cfg(test)] b: crate::b::B, a: u8 }",
        "use other::b::B;",
        "fn a() { <A as Other>::b::B }",
    ] {
        let files = [
            ("src/lib.rs", "mod a; mod b;"),
            ("src/b.rs", "pub struct B;"),
        ];
        let found = arrows(&[files[0], files[1], ("src/a.rs", text)]);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
    // What comes behind is read again.
    let text = "#[cfg(test)] mod tests { } #[cfg(not(test))] use crate::b::B;";
    let files = [
        ("src/lib.rs", "mod a; mod b;"),
        ("src/b.rs", "pub struct B;"),
    ];
    assert_eq!(arrows(&[files[0], files[1], ("src/a.rs", text)]).len(), 1);
}

#[test]
fn a_name_is_followed_to_where_it_is_declared() {
    let found = arrows(&[
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a.rs", "use crate::b::{Named, Spread};"),
        (
            "src/b/mod.rs",
            "mod named; mod spread; pub use named::Named; pub use spread::*;",
        ),
        ("src/b/named.rs", "pub struct Named;"),
        ("src/b/spread.rs", "pub struct Spread;"),
    ]);
    assert!(
        found.contains(&"src/a.rs → src/b/named.rs (Named)".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"src/a.rs → src/b/spread.rs (Spread)".to_owned()),
        "{found:?}"
    );
    assert!(
        !found
            .iter()
            .any(|arrow| arrow.starts_with("src/a.rs → src/b/mod.rs")),
        "{found:?}"
    );
}

#[test]
fn an_arrow_that_runs_up_is_named() {
    let library = "//! # Low\n//! - [`low`]: one.\n//! # High\n//! - [`high`]: two.\n\
        //! - [`gone`]: three.\nmod low; mod high; mod new;";
    let modules = crate_of(&[
        ("src/lib.rs", library),
        ("src/low.rs", "use crate::high::High;"),
        ("src/high.rs", "use crate::low::Low; pub struct High;"),
        ("src/new.rs", ""),
        ("src/main.rs", "fn main() { small::high::run(); }"),
    ]);
    assert_eq!(
        Layers::documented(library).findings(&modules),
        [
            "new is in no layer",
            "gone is in a layer, and no module",
            "up, Low to High: src/low.rs → src/high.rs (High)",
        ]
    );
}

#[test]
fn a_circle_of_siblings_is_named_with_its_arrows() {
    let modules = crate_of(&[
        ("src/lib.rs", "mod a; mod b; mod c;"),
        ("src/a.rs", "mod child; use crate::b::B; pub struct A;"),
        ("src/a/child.rs", "use super::A; pub struct Child;"),
        ("src/b.rs", "use crate::a::child::Child; pub struct B;"),
        ("src/c.rs", "use crate::{a::A, b::B};"),
    ]);
    assert_eq!(
        circles(&modules),
        [
            "circle in crate: a ↔ b\n    src/a.rs → src/b.rs (B)\n    src/b.rs → src/a/child.rs (Child)"
        ]
    );
}

#[test]
fn a_module_and_its_children_are_one_thing() {
    let modules = crate_of(&[
        ("src/lib.rs", "mod a;"),
        (
            "src/a.rs",
            "mod child; pub struct A; fn a() -> child::Child { child::Child }",
        ),
        ("src/a/child.rs", "use super::A; pub struct Child;"),
    ]);
    assert!(circles(&modules).is_empty());
}

#[test]
fn a_crate_that_is_not_for_a_module_is_named() {
    let modules = crate_of(&[
        ("src/lib.rs", "mod a; mod ab;"),
        ("src/a.rs", "mod child;"),
        (
            "src/a/child.rs",
            "use web_sys::{Url, window as get}; fn a() { web_sys::Url::new(); }",
        ),
        ("src/ab.rs", "use web_sys::Url;"),
    ]);
    let names = |what: &str| format!("not for this module: src/a/child.rs names web_sys::{what}");
    assert_eq!(
        forbidden(&modules, &["a"], &["web_sys"]),
        [names("Url"), names("Url::new"), names("window")]
    );
    assert_eq!(forbidden(&modules, &["a"], &["web_sys::Url"]).len(), 2);
    assert!(forbidden(&modules, &["a"], &["web_sys::Ur"]).is_empty());
}
