//! Finds the links in what somebody wrote. Pure.

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    /// An address with the scheme http or https; nothing else is ever made a link.
    Link(String),
}

/// The parts in their order; together they are the whole text.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // Where the text begins that is not in a piece yet.
    let mut begun = 0;
    let mut at = 0;
    while let Some(found) = next_scheme(text, at) {
        let end = found.begin + link_length(&text[found.begin..]);
        if end <= found.host {
            at = found.host;
            continue;
        }
        if begun < found.begin {
            pieces.push(Piece::Text(text[begun..found.begin].to_owned()));
        }
        pieces.push(Piece::Link(text[found.begin..end].to_owned()));
        (begun, at) = (end, end);
    }
    if begun < text.len() {
        pieces.push(Piece::Text(text[begun..].to_owned()));
    }
    pieces
}

struct Scheme {
    begin: usize,
    /// Behind the `://`.
    host: usize,
}

/// The next `http://` or `https://` that is not the end of a longer word.
fn next_scheme(text: &str, from: usize) -> Option<Scheme> {
    let mut search = from;
    loop {
        let colon = search + text[search..].find("://")?;
        let host = colon + "://".len();
        for scheme in ["https", "http"] {
            let Some(begin) = colon.checked_sub(scheme.len()).filter(|b| *b >= from) else {
                continue;
            };
            // `None` where a longer letter would be cut through.
            let matches = text
                .get(begin..colon)
                .is_some_and(|found| found.eq_ignore_ascii_case(scheme));
            let within = |before: char| before.is_alphanumeric() || "+-.".contains(before);
            if matches && !text[..begin].ends_with(within) {
                return Some(Scheme { begin, host });
            }
        }
        search = host;
    }
}

/// How many bytes of `text`, which begins with a link, belong to it.
fn link_length(text: &str) -> usize {
    let end = text.find(ends_a_link).unwrap_or(text.len());
    let mut link = &text[..end];
    // What ends a sentence or closes a bracket around the link is not part of it.
    while let Some(last) = link.chars().next_back() {
        let shorter = &link[..link.len() - last.len_utf8()];
        let opener = match last {
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => None,
        };
        let superfluous = match opener {
            Some(opener) => link.matches(last).count() > link.matches(opener).count(),
            None => ".,;:!?'\"*_’”»…".contains(last),
        };
        if !superfluous {
            break;
        }
        link = shorter;
    }
    link.len()
}

/// Besides white space what no address holds, and the invisible characters that turn the
/// direction of writing, by which one address can look like another.
fn ends_a_link(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || "<>\"`“”«»".contains(c)
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links(text: &str) -> Vec<String> {
        let pieces = pieces(text).into_iter();
        let links = pieces.filter_map(|piece| match piece {
            Piece::Link(link) => Some(link),
            Piece::Text(_) => None,
        });
        links.collect()
    }

    #[test]
    fn a_link_is_found_between_words() {
        let text = "see https://example.org/a?b=c#d, or HTTP://example.net.";
        assert_eq!(
            pieces(text),
            [
                Piece::Text("see ".to_owned()),
                Piece::Link("https://example.org/a?b=c#d".to_owned()),
                Piece::Text(", or ".to_owned()),
                Piece::Link("HTTP://example.net".to_owned()),
                Piece::Text(".".to_owned()),
            ]
        );
    }

    #[test]
    fn only_http_and_https_are_links() {
        for text in [
            "javascript:alert(1)",
            "javascript://%0aalert(1)",
            "data:text/html,<b>",
            "ftp://example.org",
            "file:///etc/passwd",
            "xhttp://example.org",
            "view-source:",
            "www.example.org",
            "http:// example.org",
            "https://",
            "https://.",
            "://",
            "",
        ] {
            assert_eq!(links(text), [""; 0], "{text:?}");
        }
    }

    #[test]
    fn brackets_around_a_link_stay_outside_and_those_inside_stay_in() {
        assert_eq!(links("(https://a.example/x)"), ["https://a.example/x"]);
        assert_eq!(
            links("https://a.example/x_(y)."),
            ["https://a.example/x_(y)"]
        );
        assert_eq!(links("<https://a.example>"), ["https://a.example"]);
        assert_eq!(links("[\"https://a.example\"]"), ["https://a.example"]);
    }

    #[test]
    fn a_link_after_something_that_is_none_is_found() {
        assert_eq!(links("ftp://a http://b.example"), ["http://b.example"]);
        assert_eq!(links("http:// https://c.example"), ["https://c.example"]);
        assert_eq!(links("ü://http://d.example"), ["http://d.example"]);
    }

    #[test]
    fn what_turns_the_direction_of_writing_ends_a_link() {
        assert_eq!(
            links("https://a.example/\u{202e}gpj.x"),
            ["https://a.example/"]
        );
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_whole_text(text in "([a-z:/.()<> ü\u{202e}]|https?://|://){0,20}") {
            let whole: String = pieces(&text).into_iter().map(|piece| match piece {
                Piece::Text(text) | Piece::Link(text) => text,
            }).collect();
            prop_assert_eq!(whole, text);
        }
    }
}
