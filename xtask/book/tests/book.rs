//! A small book: every text of the tour with a line or two, one of them with what is examined.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use book::{Book, CONTENTS, Chapter};

/// A directory of texts that is gone with it.
struct Texts(PathBuf);

impl Texts {
    /// All texts; that of `/nat` is `nat`, and the glossary has the entry “ICE”, introduced by `/call`.
    fn with(nat: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let directory =
            std::env::temp_dir().join(format!("webrtc-tour-book-{}-{number}", std::process::id()));
        fs::create_dir_all(directory.join("diagrams")).unwrap();
        let texts = Self(directory);
        for entry in CONTENTS {
            let text = match entry.file {
                "nat" => nat,
                "call" => "This is [[ICE]].",
                "glossary" => "## ICE\n\nFinds a way.\n",
                _ => "Nothing.",
            };
            texts.write(
                &format!("{}.md", entry.file),
                &format!(
                    "---\ntitle: The {}\nsummary: S\nlead: L\n---\n{text}",
                    entry.file
                ),
            );
        }
        texts
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    fn nat(&self) -> Chapter {
        let book = Book::read(&self.0).unwrap_or_else(|error| panic!("{error}"));
        let mut chapters = book.chapters.into_iter();
        chapters
            .find(|chapter| chapter.entry.file == "nat")
            .unwrap()
    }

    fn error(&self) -> String {
        match Book::read(&self.0) {
            Ok(_) => panic!("the book was read"),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Texts {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// As [`Texts::with`], and the demo of `/nat` has a height.
fn with_demo(nat: &str) -> Texts {
    let texts = Texts::with("");
    let front = "title: The nat\nsummary: S\nlead: L\ndemo-heights: 0: 500, 768: 400";
    texts.write("nat.md", &format!("---\n{front}\n---\n{nat}"));
    texts
}

fn rendered(nat: &str) -> String {
    Texts::with(nat).nat().before
}

fn refused(nat: &str) -> String {
    Texts::with(nat).error()
}

#[test]
fn the_demo_stands_between_two_texts() {
    let nat = with_demo("Before.\n\n<!-- demo -->\n\n## After\n").nat();
    assert_eq!(nat.before, "<p>Before.</p>\n");
    assert_eq!(nat.after, "<h2 id=\"after\">After</h2>\n");
    assert_eq!(nat.front.title, "The nat");
}

#[test]
fn a_demo_has_a_place_and_heights_or_neither() {
    let neither = "says where its demo stands and not how high it is, or the other way round";
    assert_eq!(
        refused("Before.\n\n<!-- demo -->\n"),
        format!("nat.md: {neither}")
    );
    assert_eq!(with_demo("Before.").error(), format!("nat.md: {neither}"));
    for heights in ["", "500", "100: 500", "0: 500, 0: x", "0: 1, 9: 1, 8: 1"] {
        let texts = Texts::with("");
        let front = format!("title: T\nsummary: S\nlead: L\ndemo-heights: {heights}");
        texts.write("nat.md", &format!("---\n{front}\n---\n\n<!-- demo -->\n"));
        let error = texts.error();
        assert!(
            error.contains("no widths and heights"),
            "{heights}: {error}"
        );
    }
}

#[test]
fn links_of_the_tour_are_below_any_base() {
    let text =
        "[a](/call) [b](/call#term-ice) [c](#here) [d](https://x.example/y) [e](/)\n\n## Here\n";
    let html = rendered(text);
    for link in [
        "\"call\"",
        "\"call#term-ice\"",
        "\"nat#here\"",
        "\"https://x.example/y\" target=\"_blank\" rel=\"noopener\"",
        "\".\"",
    ] {
        assert!(html.contains(&format!("href={link}")), "{link} in {html}");
    }
}

#[test]
fn files_open_beside_the_page() {
    let html = rendered("[Rules](/database.rules.json)");
    assert!(html.contains("<a href=\"database.rules.json\" target=\"_blank\">Rules</a>"));
}

#[test]
fn a_cell_knows_the_name_of_its_column() {
    let html = rendered("| a `b` | \"c\" |\n|---|---|\n| 1 | 2 |\n| 3 | *4* |\n");
    assert!(html.contains("<th>a <code>b</code></th>"), "{html}");
    for cell in [
        "<td data-label=\"a b\">1</td>",
        "<td data-label=\"&quot;c&quot;\">2</td>",
        "<td data-label=\"a b\">3</td>",
        "<td data-label=\"&quot;c&quot;\"><em>4</em></td>",
    ] {
        assert!(html.contains(cell), "{cell} in {html}");
    }
}

#[test]
fn a_link_to_nowhere_is_an_error() {
    assert_eq!(
        refused("[a](/cal)"),
        "nat.md: a link leads to /cal, which is no page"
    );
    assert_eq!(
        refused("[a](/call#there)"),
        "nat.md: a link leads to #there, which /call does not have"
    );
    assert!(refused("[a](call)").contains("neither https:// nor a path"));
    assert!(refused("[a](http://x.example)").contains("neither https:// nor a path"));
}

#[test]
fn a_term_leads_to_its_entry_and_the_entry_back() {
    let texts = Texts::with("Nothing.");
    let book = Book::read(&texts.0).unwrap();
    let html = |file| {
        let chapter = book
            .chapters
            .iter()
            .find(|chapter| chapter.entry.file == file);
        chapter.unwrap().before.clone()
    };
    assert!(html("call").contains("<dfn id=\"term-ice\"><a href=\"glossary#ice\">ICE</a></dfn>"));
    assert!(html("glossary").contains("Introduced in <a href=\"call#term-ice\">The call</a>"));
}

#[test]
fn a_term_is_introduced_once_and_has_an_entry() {
    assert_eq!(
        refused("[[ICE|it]]"),
        "nat.md: introduces “ICE” again after call.md"
    );
    assert_eq!(
        refused("[[TURN]]"),
        "nat.md: introduces “TURN”, which the glossary does not have"
    );
    let texts = Texts::with("Nothing.");
    texts.write(
        "call.md",
        "---\ntitle: T\nsummary: S\nlead: L\n---\nNothing.",
    );
    assert_eq!(texts.error(), "glossary.md: no chapter introduces ICE");
}

#[test]
fn a_drawing_is_part_of_the_page() {
    let texts = Texts::with("![Two “peers” & a line](diagrams/two.svg \"A < B\")");
    texts.write(
        "diagrams/two.svg",
        "<svg viewBox=\"0 0 1 1\">\n  <path/>\n</svg>\n",
    );
    assert_eq!(
        texts.nat().before,
        "<figure class=\"diagram\"><svg role=\"img\" aria-label=\"Two “peers” &amp; a line\" \
         viewBox=\"0 0 1 1\"><path/></svg><figcaption>A &lt; B</figcaption></figure>\n"
    );
}

#[test]
fn a_drawing_without_words_or_file_is_an_error() {
    assert!(refused("![Two](diagrams/none.svg)").contains("none.svg"));
    let texts = Texts::with("![](diagrams/two.svg)");
    texts.write("diagrams/two.svg", "<svg x=\"\"></svg>");
    assert_eq!(
        texts.error(),
        "nat.md: diagrams/two.svg has no alternative text"
    );
    assert!(refused("Text ![Two](diagrams/two.svg)").contains("a line of its own"));
}

#[test]
fn what_to_try_stands_out() {
    let html = rendered("> **Try it.** Press *Start*.\n");
    assert!(html.starts_with("<div class=\"try\" role=\"note\">\n<p><strong>Try it.</strong>"));
    assert!(refused("> Somebody said.").contains("does not begin with “Try it.”"));
}

#[test]
fn tables_scroll_and_have_a_name() {
    let html = rendered("## Types & kinds\n\n| a | b |\n|---|---|\n| c | d |\n");
    assert!(html.contains(
        "tabindex=\"0\" role=\"region\" aria-label=\"Table: Types &amp; kinds\"><table>"
    ));
}

#[test]
fn the_text_is_not_written_in_html() {
    assert!(refused("A <b>bold</b> word").contains("HTML in the Markdown"));
}

#[test]
fn front_matter_is_complete() {
    let texts = Texts::with("Nothing.");
    texts.write("call.md", "---\ntitle: T\nlead: L\n---\nText");
    assert_eq!(texts.error(), "call.md: the front matter has no summary");
    texts.write("call.md", "Text");
    assert!(texts.error().contains("begins with no front matter"));
}
