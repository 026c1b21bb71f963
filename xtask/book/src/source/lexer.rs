//! Code as words with a class each: as much of Rust and JavaScript as colours need.
//!
//! Of our own: eight classes are few, and each build would have to compile a highlighter with
//! grammars for all languages.

mod rust;
mod scan;
mod script;

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
            Language::Rust => rust::token(rest, before),
            Language::JavaScript => script::token(rest, before),
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
