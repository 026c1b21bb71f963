//! What people paste, taken apart: JavaScript, JSON, or something between. Pure.

/// All `name: "text"` and `"name": "text"` in it, wherever they stand; comments are left out.
pub(super) fn properties(text: &str) -> Vec<(String, String)> {
    let tokens = tokens(text);
    let properties = tokens.windows(3).filter_map(|window| match window {
        [
            Token::Word(name) | Token::Text(name),
            Token::Sign(':'),
            Token::Text(value),
        ] => Some((name.clone(), value.trim().to_owned())),
        _ => None,
    });
    properties.collect()
}

enum Token {
    Word(String),
    /// What stood in quotes.
    Text(String),
    Sign(char),
}

fn tokens(mut rest: &str) -> Vec<Token> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
    let mut tokens = Vec::new();
    while let Some(c) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("//") {
            rest = comment
                .split_once(['\n', '\r'])
                .map_or("", |(_, rest)| rest);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
        } else if let Some((text, after)) = quoted(rest) {
            tokens.push(Token::Text(text));
            rest = after;
        } else if is_word(c) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            rest = &rest[end..];
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Sign(c));
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    tokens
}

/// The text in the quotes that begin here, and what follows them. An apostrophe in prose is no
/// quote: only `backticks` go over several lines.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut chars = text.chars();
    let quote = chars.next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut inner = String::new();
    loop {
        match chars.next()? {
            c if c == quote => return Some((inner, chars.as_str())),
            '\n' | '\r' if quote != '`' => return None,
            '\\' => match chars.next()? {
                'u' => {
                    let (digits, rest) = chars.as_str().split_at_checked(4)?;
                    inner.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                    chars = rest.chars();
                }
                c => inner.push(c),
            },
            c => inner.push(c),
        }
    }
}
