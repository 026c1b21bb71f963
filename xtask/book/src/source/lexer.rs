//! Code as words with a class each: as much of Rust and JavaScript as colours need.
//!
//! Of our own, because the build waits for it: a highlighter with grammars for all languages takes
//! half a minute to compile, and its expressions, unoptimised as build scripts are, seconds to run.

/// How a word is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Plain,
    Keyword,
    Text,
    Comment,
    Number,
    Function,
    Type,
    /// And attributes.
    Macro,
}

impl Class {
    /// Of the style sheet; none for what looks like the rest.
    pub(super) fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Plain => return None,
            Self::Keyword => "k",
            Self::Text => "s",
            Self::Comment => "c",
            Self::Number => "n",
            Self::Function => "f",
            Self::Type => "t",
            Self::Macro => "m",
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Rust,
    JavaScript,
}

impl Language {
    /// By the end of a file's name.
    pub fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "rs" => Some(Self::Rust),
            "js" => Some(Self::JavaScript),
            _ => None,
        }
    }
}

/// The whole text, cut into tokens. What is no code of the language is cut somehow.
pub fn tokens(text: &str, language: Language) -> Vec<(Class, &str)> {
    let mut tokens = Vec::new();
    let mut rest = text;
    // The last token that is neither space nor comment.
    let mut before = "";
    while !rest.is_empty() {
        let (class, length) = match language {
            Language::Rust => rust(rest, before),
            Language::JavaScript => script(rest, before),
        };
        let (token, after) = rest.split_at(length);
        if class != Class::Comment && !token.trim().is_empty() {
            before = token;
        }
        tokens.push((class, token));
        rest = after;
    }
    tokens
}

fn rust(rest: &str, before: &str) -> (Class, usize) {
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
    let class = if RUST_KEYWORDS.contains(&name) {
        Class::Keyword
    } else if after.starts_with('!') && !after.starts_with("!=") {
        return (Class::Macro, name.len() + 1);
    } else if RUST_PRIMITIVES.contains(&name) || is_type(name) {
        Class::Type
    } else if before == "fn" || after.starts_with('(') || after.starts_with("::<") {
        Class::Function
    } else {
        Class::Plain
    };
    (class, name.len())
}

fn script(rest: &str, before: &str) -> (Class, usize) {
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
            } else if SCRIPT_KEYWORDS.contains(&name) && before != "." && !is_key(after) {
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

fn first(rest: &str) -> char {
    rest.chars().next().unwrap_or_default()
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '$'
}

fn name(rest: &str) -> &str {
    let end = rest.find(|c: char| !starts_name(c) && !c.is_numeric());
    &rest[..end.unwrap_or(rest.len())]
}

/// `MediaStream`, and `T`, but no `CONSTANT`.
fn is_type(name: &str) -> bool {
    let is_constant = || name.len() > 1 && !name.contains(char::is_lowercase);
    name.starts_with(char::is_uppercase) && !is_constant()
}

fn space(rest: &str) -> Option<usize> {
    let end = rest.find(|c: char| !c.is_whitespace());
    Some(end.unwrap_or(rest.len())).filter(|length| *length > 0)
}

fn line(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

fn block(rest: &str, nests: bool) -> usize {
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
fn quoted(rest: &str, quote: char) -> usize {
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

/// `1_000`, `0x2f`, `2.5`; of `0..5` the first only.
fn number(rest: &str) -> usize {
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

const RUST_KEYWORDS: [&str; 39] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern",
    "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub",
    "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true", "type",
    "unsafe", "use", "where", "while", "yield",
];

const RUST_PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

const SCRIPT_KEYWORDS: [&str; 38] = [
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
