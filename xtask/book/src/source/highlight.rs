//! Code as HTML.

use super::lexer::{Class, Language, tokens};

/// One `<span>` for each line, its end included, and in it one for each coloured word. A line's
/// number is its place: so many lines cost nothing but themselves.
pub fn lines(text: &str, language: Language) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let mut in_line = false;
    for (class, token) in merged(text, language) {
        for part in token.split_inclusive('\n') {
            if !in_line {
                html.push_str("<span>");
            }
            let (word, end) = match part.strip_suffix('\n') {
                Some(word) => (word, "\n</span>"),
                None => (part, ""),
            };
            push(&mut html, class, word);
            html.push_str(end);
            in_line = end.is_empty();
        }
    }
    if in_line {
        html.push_str("</span>");
    }
    html
}

fn push(html: &mut String, class: Class, word: &str) {
    let name = class.name().filter(|_| !word.trim().is_empty());
    if let Some(name) = name {
        html.push_str("<span class=");
        html.push_str(name);
        html.push('>');
    }
    for c in word.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            _ => html.push(c),
        }
    }
    if name.is_some() {
        html.push_str("</span>");
    }
}

/// Neighbours of one class as one token.
fn merged(text: &str, language: Language) -> Vec<(Class, &str)> {
    let mut merged: Vec<(Class, usize)> = Vec::new();
    for (class, token) in tokens(text, language) {
        match merged.last_mut() {
            Some((last, length)) if *last == class => *length += token.len(),
            _ => merged.push((class, token.len())),
        }
    }
    let mut at = 0;
    let cut = |(class, length)| {
        let token = &text[at..at + length];
        at += length;
        (class, token)
    };
    merged.into_iter().map(cut).collect()
}
