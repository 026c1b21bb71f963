//! Rust.

use super::Class;
use super::scan::{block, first, is_type, line, name, number, quoted, space, starts_name};

pub(super) fn token(rest: &str, before: &str) -> (Class, usize) {
    if let Some(length) = raw_string(rest) {
        return (Class::Text, length);
    }
    if rest.starts_with("b\"") || rest.starts_with("c\"") {
        return (Class::Text, 1 + quoted(&rest[1..], '"'));
    }
    if rest.starts_with("#[") || rest.starts_with("#![") {
        return (Class::Macro, attribute(rest));
    }
    match first(rest) {
        '/' if rest.starts_with("//") => (Class::Comment, line(rest)),
        '/' if rest.starts_with("/*") => (Class::Comment, block(rest, true)),
        '"' => (Class::Text, quoted(rest, '"')),
        '\'' => tick(rest),
        c if c.is_ascii_digit() => (Class::Number, number(rest)),
        c if starts_name(c) => rust_name(rest, before),
        c => (Class::Plain, space(rest).unwrap_or(c.len_utf8())),
    }
}

fn rust_name(rest: &str, before: &str) -> (Class, usize) {
    let name = name(rest);
    let after = &rest[name.len()..];
    let class = if KEYWORDS.contains(&name) {
        Class::Keyword
    } else if after.starts_with('!') && !after.starts_with("!=") {
        return (Class::Macro, name.len() + 1);
    } else if PRIMITIVES.contains(&name) || is_type(name) {
        Class::Type
    } else if before == "fn" || after.starts_with('(') || after.starts_with("::<") {
        Class::Function
    } else {
        Class::Plain
    };
    (class, name.len())
}

/// `r"…"`, `br#"…"#` and their like.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"]
        .into_iter()
        .find(|prefix| rest.starts_with(prefix) && rest[prefix.len()..].starts_with(['"', '#']))?;
    let after = &rest[prefix.len()..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inside = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(prefix.len() + hashes + 1 + length)
}

/// A character, or the name of a lifetime.
fn tick(rest: &str) -> (Class, usize) {
    let mut chars = rest.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => (Class::Text, quoted(rest, '\'')),
        _ => (Class::Type, 1 + name(&rest[1..]).len()),
    }
}

/// To the bracket that closes it; brackets in texts do not count.
fn attribute(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        match first(here) {
            '"' => {
                at += quoted(here, '"');
                continue;
            }
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            _ => {}
        }
        at += first(here).len_utf8();
    }
    rest.len()
}

const KEYWORDS: [&str; 39] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
    "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true", "type",
    "unsafe", "use", "where", "while", "yield",
];

const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];
