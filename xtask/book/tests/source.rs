//! The code beside the demo, found and coloured in the real files of this repository.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use book::source::{Language, Lines, PAGES, Sources, Story, lines, tokens};
use proptest::prelude::*;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a browser would show.
fn shown(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let end = rest[at..].find('>').expect("a tag has an end");
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Every file of Rust or JavaScript in the repository.
fn real_files() -> Vec<(PathBuf, Language)> {
    let mut files = Vec::new();
    let mut directories = vec![root()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !["target", "dist", "node_modules"].contains(&&*name) {
                    directories.push(path);
                }
            } else if let Some(language) = Language::of(&name) {
                files.push((path, language));
            }
        }
    }
    files
}

#[test]
fn what_is_shown_of_each_real_file_is_the_file() {
    let files = real_files();
    assert!(files.len() > 200, "only {} files", files.len());
    for (path, language) in files {
        let text = fs::read_to_string(&path).unwrap();
        let html = lines(&text, language);
        assert_eq!(shown(&html), text, "{}", path.display());
        // A line's number is its place, so there must be one element for each.
        let plain = html.matches("<span>").count();
        assert_eq!(plain, text.lines().count(), "{}", path.display());
        assert_eq!(
            html.matches("<span").count(),
            html.matches("</span>").count()
        );
    }
}

proptest! {
    #[test]
    fn whatever_the_text_nothing_is_lost(text in "[\"'`r#/*\\\\${}a-zA-Z0-9 \n<&>é\\[\\]!.]{0,60}") {
        for language in [Language::Rust, Language::JavaScript] {
            let joined: String = tokens(&text, language).into_iter().map(|(_, part)| part).collect();
            prop_assert_eq!(&joined, &text);
            prop_assert_eq!(shown(&lines(&text, language)), text.as_str());
        }
    }
}

#[test]
fn words_have_the_colours_of_what_they_are() {
    for (language, code, expected) in [
        (
            Language::Rust,
            "let x = 1;",
            "<span><span class=k>let</span> x = <span class=n>1</span>;</span>",
        ),
        (
            Language::Rust,
            "fn f<'a>(s: &'a str)",
            "<span><span class=k>fn</span> <span class=f>f</span>&lt;<span class=t>'a</span>&gt;(s: &amp;<span class=t>'a</span> <span class=t>str</span>)</span>",
        ),
        (
            Language::Rust,
            "r#\"a\"b\"#; 'x' '\\''",
            "<span><span class=s>r#\"a\"b\"#</span>; <span class=s>'x'</span> <span class=s>'\\''</span></span>",
        ),
        (
            Language::Rust,
            "#[a(\"]\")]\nb!()",
            "<span><span class=m>#[a(\"]\")]</span>\n</span><span><span class=m>b!</span>()</span>",
        ),
        (Language::Rust, "a != b", "<span>a != b</span>"),
        (
            Language::Rust,
            "/* a\n/* b */ */ c",
            "<span><span class=c>/* a</span>\n</span><span><span class=c>/* b */ */</span> c</span>",
        ),
        (
            Language::Rust,
            "0..MAX",
            "<span><span class=n>0</span>..MAX</span>",
        ),
        (
            Language::JavaScript,
            "`a ${b(`}`)} c` + d",
            "<span><span class=s>`a ${b(`}`)} c`</span> + d</span>",
        ),
        (
            Language::JavaScript,
            "a / b; x = /[/]\"/g",
            "<span>a / b; x = <span class=s>/[/]\"/g</span></span>",
        ),
        (
            Language::JavaScript,
            "a.catch(b)",
            "<span>a.<span class=f>catch</span>(b)</span>",
        ),
        (
            Language::JavaScript,
            "new Map()",
            "<span><span class=k>new</span> <span class=t>Map</span>()</span>",
        ),
    ] {
        assert_eq!(lines(code, language), expected);
    }
}

/// A repository with one file.
struct Small(PathBuf);

impl Small {
    fn with(test: &str, name: &str, text: &str) -> Self {
        let directory =
            std::env::temp_dir().join(format!("webrtc-tour-source-{test}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(name), text).unwrap();
        Self(directory)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const RUST: &str = "\
//! About the file.

/// A thing.
#[derive(Clone)]
pub struct Thing;

impl Thing {
    /// Does it.
    ///
    /// Well.
    #[must_use]
    pub fn run(&self) {
        let text = \"
  not indented\";
    }
}

impl Drop for Thing {
    fn drop(&mut self) {}
}

impl Other {
    fn run() {}
}

mod inner {
    pub fn run() {}
    pub fn twice() {}
    pub fn twice() {}
}

trait Does {
    fn it();
}
";

#[test]
fn items_are_found_with_their_comments_and_attributes() {
    let small = Small::with("items", "a.rs", RUST);
    let mut sources = Sources::new(&small.0);
    for (item, first, last) in [
        ("Thing", 3, 5),
        ("Thing::run", 8, 15),
        ("Thing::drop", 19, 19),
        ("impl Drop for Thing", 18, 20),
        ("impl Thing", 7, 16),
        ("Other::run", 23, 23),
        ("inner::run", 27, 27),
        ("Does::it", 33, 33),
    ] {
        let found = sources.find(&format!("a.rs::{item}")).unwrap();
        assert_eq!(found, Lines { first, last }, "{item}");
    }
}

#[test]
fn an_excerpt_is_moved_to_the_left_as_far_as_all_of_it_goes() {
    let small = Small::with("excerpt", "a.rs", RUST);
    let mut sources = Sources::new(&small.0);
    let text =
        |sources: &mut Sources, first, last| sources.text("a.rs", Lines { first, last }).unwrap();
    assert_eq!(text(&mut sources, 23, 23), "fn run() {}\n");
    let run = text(&mut sources, 8, 15);
    assert!(run.starts_with("  /// Does it.\n"), "{run}");
    assert!(run.contains("\nnot indented\""), "{run}");
}

#[test]
fn what_is_not_there_or_not_clear_is_an_error() {
    let small = Small::with("errors", "a.rs", RUST);
    let mut sources = Sources::new(&small.0);
    for (item, what) in [
        ("a.rs::nothing", "there is no `nothing` in it"),
        ("a.rs::Thing::walk", "there is no `Thing::walk` in it"),
        ("a.rs::inner::twice", "more than once"),
        ("a.rs", "names no item"),
        ("b.rs::x", "b.rs"),
        ("c.txt::x", "neither Rust nor JavaScript"),
    ] {
        let error = sources.find(item).unwrap_err().to_string();
        assert!(error.contains(what), "{item}: {error}");
    }
}

#[test]
fn exports_are_found_with_their_comments() {
    let script = "// A file.\n\n/** One. */\nexport async function one() {\n  if (a) {\n  }\n}\n\nexport const two = 2;\n\nfunction three() {\n}\n";
    let small = Small::with("exports", "a.js", script);
    let mut sources = Sources::new(&small.0);
    assert_eq!(
        sources.find("a.js::one").unwrap(),
        Lines { first: 3, last: 7 }
    );
    assert_eq!(
        sources.find("a.js::two").unwrap(),
        Lines { first: 9, last: 9 }
    );
    assert!(sources.find("a.js::three").is_err(), "it is not exported");
}

#[test]
fn every_story_is_about_code_that_exists() {
    let mut sources = Sources::new(&root());
    for page in PAGES {
        let story = Story::read(&mut sources, page).unwrap_or_else(|error| panic!("{error}"));
        for excerpt in story.rust.iter().chain(&story.script) {
            // What is shown is in the file, word for word.
            let file = fs::read_to_string(root().join(&excerpt.path)).unwrap();
            let code = shown(&excerpt.code);
            let count = excerpt.last + 1 - excerpt.first;
            assert_eq!(code.lines().count(), count, "{}", excerpt.name);
            for (line, shown) in file.lines().skip(excerpt.first - 1).zip(code.lines()) {
                assert!(line.ends_with(shown), "{}: {shown}", excerpt.name);
            }
            assert!(
                count <= 90,
                "{} is too long to be read: {count} lines",
                excerpt.name
            );
        }
    }
}

#[test]
fn a_story_that_leaves_out_an_export_is_an_error() {
    let small = Small::with("story", "a.rs", "fn a() {}\n");
    let at = |path: &str, text: &str| {
        let path = small.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    at(
        "a.js",
        "export function b() {\n}\nexport function c() {\n}\n",
    );
    let story = "src/pages/text/story/nat.md";
    let read = || Story::read(&mut Sources::new(&small.0), "nat").map(|story| story.rust.len());
    let rust = "# Rust\n\n`a.rs::a`\nThe *one*.\n";
    at(
        story,
        &format!("{rust}\n# JavaScript\n\n`a.js::b`\nB.\n\n`a.js::c`\nC.\n"),
    );
    assert_eq!(read().unwrap(), 1);
    for (text, what) in [
        (
            format!("{rust}\n# JavaScript\n\n`a.js::b`\nB.\n"),
            "does not show `c`",
        ),
        (
            format!("{rust}\n# JavaScript\n\n`a.js::d`\nD.\n"),
            "there is no `d`",
        ),
        (
            format!("{rust}\n# JavaScript\n\n`a.rs::a`\nA.\n"),
            "a.rs is not JavaScript",
        ),
        (
            format!("{rust}\n# JavaScript\n\n`a.js::b` B.\n"),
            "and then a sentence",
        ),
        (
            format!("{rust}\n# JavaScript\n\n`a.js::b`\n<b>B</b>\n"),
            "HTML in the Markdown",
        ),
        (rust.to_owned(), "its two parts"),
    ] {
        at(story, &text);
        let error = read().unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}
