//! What both languages have: names, numbers, texts, comments. Each function says how long what it
//! names is, at the start of a text.

pub(super) fn first(rest: &str) -> char {
    rest.chars().next().unwrap_or_default()
}

pub(super) fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '$'
}

pub(super) fn name(rest: &str) -> &str {
    let end = rest.find(|c: char| !starts_name(c) && !c.is_numeric());
    &rest[..end.unwrap_or(rest.len())]
}

/// `MediaStream`, and `T`, but no `CONSTANT`.
pub(super) fn is_type(name: &str) -> bool {
    let is_constant = || name.len() > 1 && !name.contains(char::is_lowercase);
    name.starts_with(char::is_uppercase) && !is_constant()
}

pub(super) fn space(rest: &str) -> Option<usize> {
    let end = rest.find(|c: char| !c.is_whitespace());
    Some(end.unwrap_or(rest.len())).filter(|length| *length > 0)
}

pub(super) fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

pub(super) fn block(rest: &str, nests: bool) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        let here = &rest[at..];
        if here.starts_with("/*") && (nests || depth == 0) {
            depth += 1;
            at += 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += first(here).len_utf8();
        }
    }
    rest.len()
}

/// From one quote to the next that no backslash stands before.
pub(super) fn quoted(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return at + c.len_utf8();
        }
    }
    rest.len()
}

/// `1_000`, `0x2f`, `2.5`; of `0..5` the first only.
pub(super) fn number(rest: &str) -> usize {
    let digits = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        end.unwrap_or(text.len())
    };
    let whole = digits(rest);
    match rest[whole..].strip_prefix('.') {
        Some(part) if part.starts_with(|c: char| c.is_ascii_digit()) => whole + 1 + digits(part),
        _ => whole,
    }
}
