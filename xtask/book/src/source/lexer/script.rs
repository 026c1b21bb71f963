//! JavaScript.

use super::Class;
use super::scan::{block, first, is_type, line, name, number, quoted, space, starts_name};

pub(super) fn token(rest: &str, before: &str) -> (Class, usize) {
    match first(rest) {
        '/' if rest.starts_with("//") => (Class::Comment, line(rest)),
        '/' if rest.starts_with("/*") => (Class::Comment, block(rest, false)),
        '/' if begins_value(before) => (Class::Text, expression(rest)),
        quote @ ('"' | '\'') => (Class::Text, quoted(rest, quote)),
        '`' => (Class::Text, template(rest)),
        c if c.is_ascii_digit() => (Class::Number, number(rest)),
        c if starts_name(c) => {
            let name = name(rest);
            let after = &rest[name.len()..];
            let class = if before == "." && !after.starts_with('(') {
                Class::Plain
            } else if KEYWORDS.contains(&name) && before != "." && !is_key(after) {
                Class::Keyword
            } else if is_type(name) {
                Class::Type
            } else if before == "function" || after.starts_with('(') {
                Class::Function
            } else {
                Class::Plain
            };
            (class, name.len())
        }
        c => (Class::Plain, space(rest).unwrap_or(c.len_utf8())),
    }
}

/// After a name or a closing bracket `/` divides.
fn begins_value(before: &str) -> bool {
    match before.chars().next_back() {
        None => true,
        Some(c) => !c.is_alphanumeric() && !matches!(c, ')' | ']' | '}' | '_' | '$' | '"' | '`'),
    }
}

/// Whether what follows makes the name that of a field.
fn is_key(after: &str) -> bool {
    after.starts_with(':')
}

/// A template with all that is put into it.
fn template(rest: &str) -> usize {
    let mut at = 1;
    while at < rest.len() {
        let here = &rest[at..];
        match first(here) {
            '`' => return at + 1,
            '\\' => at += 1 + here[1..].chars().next().map_or(0, char::len_utf8),
            '$' if here.starts_with("${") => at += inserted(here),
            c => at += c.len_utf8(),
        }
    }
    rest.len()
}

/// `${…}`, in which may be braces, texts and templates.
fn inserted(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 1;
    while at < rest.len() {
        let here = &rest[at..];
        match first(here) {
            quote @ ('"' | '\'') => {
                at += quoted(here, quote);
                continue;
            }
            '`' => {
                at += template(here);
                continue;
            }
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
        at += first(here).len_utf8();
    }
    rest.len()
}

/// A regular expression, which ends with its line at the latest.
fn expression(rest: &str) -> usize {
    let mut in_class = false;
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '\n' => return at,
            '[' => in_class = true,
            ']' => in_class = false,
            '/' if !in_class => return at + 1 + name(&rest[at + 1..]).len(),
            _ => {}
        }
    }
    rest.len()
}

const KEYWORDS: [&str; 38] = [
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "default",
    "delete",
    "do",
    "else",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "from",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "let",
    "new",
    "null",
    "of",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "undefined",
    "while",
];
