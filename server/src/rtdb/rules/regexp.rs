//! Firebase's regular expressions, in the words of the `regex` crate, which takes a time that
//! grows linearly with the text, whatever the pattern.
//!
//! <https://firebase.google.com/docs/reference/security/database/regex>: `^` and `$` only at the
//! ends of the pattern, `\s \w \d \S \W \D` of ASCII, sets, groups, `| * + ? {n} {n,} {n,m}`, and
//! the flag `i`. Everything else that follows a backslash means itself.

use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};

/// Of a compiled pattern, in bytes.
const MAX_SIZE: usize = 1 << 20;

/// Groups in groups.
const MAX_NESTING: u32 = 50;

/// Compiles `/pattern/flags`.
///
/// # Errors
///
/// What is wrong with it, as a sentence.
pub(super) fn compile(pattern: &str, flags: &str) -> Result<Regex, String> {
    if !matches!(flags, "" | "i") {
        return Err(format!(
            "the only flag of a regular expression is `i`, not `{flags}`"
        ));
    }
    let translated = translate(pattern)?;
    let mut builder = RegexBuilder::new(&translated);
    builder.case_insensitive(flags == "i");
    builder.dot_matches_new_line(true);
    builder.size_limit(MAX_SIZE).nest_limit(MAX_NESTING);
    builder
        .build()
        .map_err(|error| format!("/{pattern}/ is not a regular expression: {error}"))
}

fn translate(pattern: &str) -> Result<String, String> {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.chars().peekable();
    if chars.next_if_eq(&'^').is_some() {
        out.push_str(r"\A");
    }
    while let Some(c) = chars.next() {
        match c {
            '$' if chars.peek().is_none() => out.push_str(r"\z"),
            '^' | '$' => {
                return Err(format!(
                    "`{c}` stands only at an end of a regular expression; `\\{c}` is the character"
                ));
            }
            '(' if chars.peek() == Some(&'?') => {
                return Err("there is no `(?` in regular expressions of rules".to_owned());
            }
            '(' => out.push_str("(?:"),
            ')' | '|' | '*' | '+' | '?' | '.' => out.push(c),
            '{' => repeat(&mut chars, &mut out)?,
            '[' => set(&mut chars, &mut out)?,
            '\\' => escape(&mut chars, &mut out, false)?,
            _ => literal(c, &mut out),
        }
    }
    Ok(out)
}

/// `n}`, `n,}` or `n,m}`.
fn repeat(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), String> {
    let inside: String = chars.by_ref().take_while(|c| *c != '}').collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let valid = match inside.split_once(',') {
        Some((least, most)) => is_number(least) && (most.is_empty() || is_number(most)),
        None => is_number(&inside),
    };
    if !valid {
        return Err("expected `{n}`, `{n,}` or `{n,m}`; `\\{` is the character".to_owned());
    }
    out.push_str(&format!("{{{inside}}}"));
    Ok(())
}

/// What follows a `[`.
fn set(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), String> {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let (mut first, mut in_range) = (true, false);
    while let Some(c) = chars.next() {
        // At the ends and after another one it is a character.
        let range = c == '-' && !first && !in_range && chars.peek() != Some(&']');
        match c {
            ']' => {
                out.push(']');
                return Ok(());
            }
            '\\' => escape(chars, out, true)?,
            '-' if range => out.push('-'),
            _ => literal(c, out),
        }
        (first, in_range) = (false, range);
    }
    Err("expected a `]` at the end of the set".to_owned())
}

/// What follows a `\`.
fn escape(chars: &mut Peekable<Chars<'_>>, out: &mut String, in_set: bool) -> Result<(), String> {
    let c = chars.next();
    let c = c.ok_or("expected a character after the `\\` of the regular expression")?;
    let class = match c.to_ascii_lowercase() {
        'd' => "0-9",
        'w' => "0-9A-Za-z_",
        's' => r" \t\n\r\x0B\x0C",
        _ => {
            literal(c, out);
            return Ok(());
        }
    };
    match (c.is_ascii_uppercase(), in_set) {
        (true, _) => out.push_str(&format!("[^{class}]")),
        (false, true) => out.push_str(class),
        (false, false) => out.push_str(&format!("[{class}]")),
    }
    Ok(())
}

fn literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(c);
}
