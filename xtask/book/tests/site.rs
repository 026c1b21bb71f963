//! The real texts, as pages of their own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;

use book::{Book, CONTENTS, Page, Site};

const SHELL: &str = "<!doctype html>
<html lang=\"en\"><head>
<base href=\"/on/\" />
<title>Shell</title>
<meta name=\"description\" content=\"Of the shell\" />
<link rel=\"icon\" href=\"data:,\" />
<style>a {}</style>
<link rel=\"stylesheet\" href=\"/on/style-1.css\"/>
<script type=\"module\">import '/on/app-1.js';</script>
<link rel=\"modulepreload\" href=\"/on/app-1.js\"><link rel=\"preload\" href=\"/on/app-1.wasm\" as=\"fetch\">
</head><body>
<div id=\"app-loading\" class=\"app-loading\"><p>Loading</p></div>
</body></html>";

fn site<'a>(shell: &'a str, origin: Option<&'a str>) -> Result<Vec<Page>, book::Error> {
    let texts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/pages/text");
    let book = Book::read(Path::new(texts)).unwrap();
    let names: Vec<_> = CONTENTS
        .iter()
        .map(|entry| entry.file.replace('-', "_"))
        .collect();
    let names = names.iter().map(String::as_str).chain(["meet"]);
    let files = names.map(|name| (name, vec!["part_1.wasm"]));
    Site {
        shell,
        base: "/on/",
        origin,
        parts: BTreeMap::from_iter(files),
    }
    .pages(&book)
}

fn page(path: &str, origin: Option<&str>) -> String {
    let pages = site(SHELL, origin).unwrap();
    let page = pages.into_iter().find(|page| page.path == path);
    page.unwrap_or_else(|| panic!("there is no {path}")).content
}

#[test]
fn each_text_is_a_page() {
    let pages = site(SHELL, None).unwrap();
    let paths: Vec<_> = pages.iter().map(|page| &*page.path).collect();
    assert_eq!(paths.len(), CONTENTS.len() + 1);
    for path in ["index.html", "nat/index.html", "firebase/mesh/index.html"] {
        assert!(paths.contains(&path), "{path} in {paths:?}");
    }
    for page in pages.iter().filter(|page| page.path != "meet/index.html") {
        assert!(!page.content.contains("Loading</p></div>"), "{}", page.path);
        assert!(!page.content.contains("Of the shell"), "{}", page.path);
        assert_eq!(page.content.matches("<h1>").count(), 1, "{}", page.path);
    }
}

#[test]
fn the_page_of_meetings_says_nothing_of_a_room_and_is_not_to_be_found() {
    let meet = page("meet/index.html", Some("https://tour.example"));
    for expected in [
        "<title>Meet · WebRTC Tour</title>",
        "<meta property=\"og:title\" content=\"You are invited to a call\" />",
        "<meta name=\"robots\" content=\"noindex\" />",
        "part_1.wasm",
    ] {
        assert!(meet.contains(expected), "{expected} in {meet}");
    }
    let map = page("sitemap.xml", Some("https://tour.example"));
    assert!(!map.contains("meet"), "{map}");
}

/// Chats show no picture of a relative address, and none that is an SVG.
#[test]
fn a_link_shows_the_same_picture_whatever_it_leads_to() {
    let picture = "<meta property=\"og:image\" content=\"https://tour.example/on/preview.png\" />";
    for path in ["meet/index.html", "index.html", "nat/index.html"] {
        let known = page(path, Some("https://tour.example"));
        assert!(known.contains(picture), "{known}");
        let unknown = page(path, None);
        assert!(!unknown.contains("og:image"), "{unknown}");
    }
    let file = include_bytes!("../../../src/installed/preview.png");
    assert!(file.starts_with(b"\x89PNG"));
    let number = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    assert_eq!((number(16), number(20)), (1200, 630));
    assert!(file.len() < 16 * 1024, "{} bytes", file.len());
    let copied = "<link data-trunk rel=\"copy-file\" href=\"src/installed/preview.png\" />";
    assert!(include_str!("../../../index.html").contains(copied));
}

#[test]
fn a_page_says_what_it_is() {
    let nat = page("nat/index.html", None);
    for expected in [
        "<title>NAT, ICE, STUN and TURN · WebRTC Tour</title>",
        "<meta name=\"description\" content=\"See at which addresses your browser",
        "<meta property=\"og:title\" content=\"NAT, ICE, STUN and TURN\" />",
        "<h1>NAT, ICE, STUN and TURN</h1>",
        "<a href=\"/on/nat\" aria-current=\"page\">",
        "<section class=\"prose\">",
        "<div class=\"demo-place\">",
        "<noscript>",
        "rel=\"next\">Calls of many →</a>",
    ] {
        assert!(nat.contains(expected), "{expected} in {nat}");
    }
    assert!(!nat.contains("canonical"), "{nat}");
    let home = page("index.html", None);
    assert!(home.contains("<title>WebRTC Tour</title>"), "{home}");
    assert!(
        home.contains("<a href=\"/on/nat\" class=\"card\">"),
        "{home}"
    );
}

#[test]
fn a_page_that_belongs_to_a_chapter_has_its_number() {
    let mesh = page("firebase/mesh/index.html", None);
    assert!(
        mesh.contains("<p class=\"chapter-number\">Chapter 9</p>"),
        "{mesh}"
    );
    assert!(
        mesh.contains("<a href=\"/on/firebase\" aria-current=\"page\">"),
        "{mesh}"
    );
    let glossary = page("glossary/index.html", None);
    assert!(
        !glossary.contains("<p class=\"chapter-number\">"),
        "{glossary}"
    );
    assert!(!glossary.contains("demo-place\""), "{glossary}");
}

/// What the app needs would only delay the text.
#[test]
fn the_text_comes_before_all_that_is_loaded() {
    let nat = page("nat/index.html", None);
    let at = |text: &str| nat.find(text).unwrap_or_else(|| panic!("{text} in {nat}"));
    let (head, end) = (at("</head>"), at("</main>"));
    assert!(at("<style>a {}</style>") < head);
    assert!(at("href=\"data:,\"") < head);
    for link in [
        "<link rel=\"stylesheet\" href=\"/on/style-1.css\"/>",
        "<link rel=\"modulepreload\" href=\"/on/app-1.js\">",
        "<link rel=\"preload\" href=\"/on/app-1.wasm\"",
        "<link rel=\"preload\" href=\"/on/part_1.wasm\" as=\"fetch\" type=\"application/wasm\"",
    ] {
        assert!(at(link) > end, "{link}");
        assert_eq!(nat.matches(link).count(), 1, "{link}");
    }
    assert!(!page("index.html", None).contains("part_1"));
}

#[test]
fn search_engines_are_told_addresses_that_are_known() {
    let origin = Some("https://tour.example");
    let nat = page("nat/index.html", origin);
    let canonical = "<link rel=\"canonical\" href=\"https://tour.example/on/nat/\" />";
    assert!(nat.contains(canonical), "{nat}");
    let map = page("sitemap.xml", origin);
    assert_eq!(map.matches("<loc>").count(), CONTENTS.len());
    for address in [
        "https://tour.example/on/",
        "https://tour.example/on/firebase/mesh/",
    ] {
        assert!(
            map.contains(&format!("<url><loc>{address}</loc></url>")),
            "{map}"
        );
    }
    let pages = site(SHELL, None).unwrap();
    assert!(pages.iter().all(|page| page.path != "sitemap.xml"));
}

#[test]
fn a_shell_that_lacks_something_is_refused() {
    for gone in [
        "<title>",
        "name=\"description\"",
        "</head>",
        "app-loading",
        "</body>",
    ] {
        let error = site(&SHELL.replace(gone, ""), None)
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("index.html: has no"), "{gone}: {error}");
    }
}
