//! The words of an expression.

use super::error::SyntaxError;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    /// With its `$`, if it has one.
    Name(String),
    Symbol(&'static str),
    End,
}

/// Longer ones first.
const SYMBOLS: [&str; 24] = [
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "%", "!", "?",
    ":", "(", ")", "[", "]", ",", ".",
];

/// Reads an expression from its start to its end.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// An error at this byte.
    pub(super) fn error(&self, at: usize, what: impl Into<String>) -> SyntaxError {
        let before = self.text.get(..at).unwrap_or(self.text);
        SyntaxError {
            character: before.chars().count() + 1,
            what: what.into(),
        }
    }

    /// The next word, and where it begins.
    pub(super) fn next(&mut self) -> Result<(usize, Token), SyntaxError> {
        self.skip_while(|c| c.is_ascii_whitespace());
        let start = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Ok((start, Token::End));
        };
        let token = match first {
            '\'' | '"' => self.string(first)?,
            '0'..='9' => self.number()?,
            'a'..='z' | 'A'..='Z' | '_' | '$' => {
                let word = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '$'));
                Token::Name(word.to_owned())
            }
            _ => {
                let symbol = SYMBOLS
                    .iter()
                    .find(|symbol| self.rest().starts_with(*symbol));
                let symbol = symbol
                    .ok_or_else(|| self.error(start, format!("there is no operator `{first}`")))?;
                self.at += symbol.len();
                Token::Symbol(symbol)
            }
        };
        Ok((start, token))
    }

    /// The pattern and the flags of `/pattern/flags`, whose first slash was the last word read.
    pub(super) fn regexp(&mut self) -> Result<(&'a str, &'a str), SyntaxError> {
        let start = self.at;
        let (mut escaped, mut in_set) = (false, false);
        let end = self.rest().find(|c| {
            if std::mem::take(&mut escaped) {
                return false;
            }
            match c {
                '\\' => escaped = true,
                '[' => in_set = true,
                ']' => in_set = false,
                _ => {}
            }
            c == '/' && !in_set
        });
        let end = end.ok_or_else(|| {
            self.error(start, "expected a `/` at the end of the regular expression")
        })?;
        let pattern = &self.rest()[..end];
        self.at += end + 1;
        Ok((pattern, self.take_while(|c| c.is_ascii_alphanumeric())))
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, belongs: impl Fn(char) -> bool) {
        self.take_while(belongs);
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn number(&mut self) -> Result<Token, SyntaxError> {
        let start = self.at;
        self.skip_while(|c| c.is_ascii_digit());
        if self.rest().starts_with('.') {
            self.at += 1;
            self.skip_while(|c| c.is_ascii_digit());
        }
        if self.rest().starts_with(['e', 'E']) {
            self.at += 1;
            if self.rest().starts_with(['+', '-']) {
                self.at += 1;
            }
            self.skip_while(|c| c.is_ascii_digit());
        }
        let written = &self.text[start..self.at];
        let number = written
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite());
        number
            .map(Token::Number)
            .ok_or_else(|| self.error(start, format!("`{written}` is not a number")))
    }

    fn string(&mut self, quote: char) -> Result<Token, SyntaxError> {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.at += at + 1;
                return Ok(Token::Text(text));
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 'r')) => text.push('\r'),
                Some((_, 't')) => text.push('\t'),
                Some((_, 'b')) => text.push('\u{8}'),
                Some((_, 'f')) => text.push('\u{c}'),
                Some((_, 'u')) => {
                    let digits: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    let code = u32::from_str_radix(&digits, 16).ok();
                    let code = code.filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()));
                    let c = code.and_then(char::from_u32).ok_or_else(|| {
                        let what =
                            "expected the four hexadecimal digits of a character after `\\u`";
                        self.error(start + at, what)
                    })?;
                    text.push(c);
                }
                Some((_, other)) => text.push(other),
                None => break,
            }
        }
        Err(self.error(
            start,
            format!("expected a `{quote}` at the end of the text"),
        ))
    }
}
