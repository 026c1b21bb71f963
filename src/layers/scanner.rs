//! What a file of Rust declares and names, read from its tokens: comments and strings are none, and
//! what only tests see is left out. Knows neither files nor what a name means.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::FromStr;

use proc_macro2::token_stream::IntoIter;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// A path as it is written: `crate`, `super`, a module, a name.
pub(super) type Path = Vec<String>;

/// One name that a `use` brings.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    pub(super) path: Path,
    /// Under which it is known here; `None` for a glob, whose path is the module's.
    pub(super) name: Option<String>,
}

/// A module as its own text shows it.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    /// Modules in files of their own.
    pub(super) files: Vec<String>,
    /// Modules in braces.
    pub(super) inline: Vec<(String, Self)>,
    pub(super) imports: Vec<Import>,
    /// What is declared here, apart from modules.
    pub(super) items: BTreeSet<String>,
    /// Paths of two names or more, wherever code names them.
    pub(super) paths: BTreeSet<Path>,
}

/// Reads the text of a module.
pub(super) fn scan(text: &str) -> Scanned {
    let tokens = TokenStream::from_str(text).expect("what compiles can be cut into tokens");
    let mut scanned = Scanned::default();
    scanned.read(tokens, true);
    scanned
}

type Tokens = Peekable<IntoIter>;

impl Scanned {
    /// `top`: not inside a function, a type or a macro.
    fn read(&mut self, tokens: TokenStream, top: bool) {
        let mut tokens = tokens.into_iter().peekable();
        // `::` before a name: it continues a path that began with something else.
        let mut continued = false;
        while let Some(token) = tokens.next() {
            let continues = std::mem::take(&mut continued);
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => self.attribute(&mut tokens),
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    continued = punct.spacing() == Spacing::Joint && skip_punct(&mut tokens, ':');
                }
                TokenTree::Group(group) => self.read(group.stream(), false),
                TokenTree::Ident(ident) if !continues => {
                    self.word(&ident.to_string(), &mut tokens, top);
                }
                TokenTree::Punct(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn attribute(&mut self, tokens: &mut Tokens) {
        skip_punct(tokens, '!');
        let Some(TokenTree::Group(group)) = tokens.next_if(is_group) else {
            return;
        };
        if is_for_tests(group.stream()) {
            skip_item(tokens);
        } else {
            self.read(group.stream(), false);
        }
    }

    fn word(&mut self, word: &str, tokens: &mut Tokens, top: bool) {
        match word {
            "use" if !is_punct(tokens.peek(), '<') => {
                let tree: TokenStream = tokens
                    .by_ref()
                    .take_while(|token| !is_punct(Some(token), ';'))
                    .collect();
                self.imports(&[], &mut tree.into_iter().peekable());
            }
            "mod" => {
                let Some(name) = ident(tokens) else { return };
                match tokens.next() {
                    Some(TokenTree::Group(body)) => {
                        let mut inline = Self::default();
                        inline.read(body.stream(), true);
                        self.inline.push((name, inline));
                    }
                    _ => self.files.push(name),
                }
            }
            "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" if top => {
                // `const fn` is a function.
                if tokens.peek().is_some_and(|next| next.to_string() != "fn") {
                    self.items.extend(ident(tokens));
                }
            }
            _ => {
                let path = rest_of_path(word, tokens);
                if path.len() > 1 {
                    self.paths.insert(path);
                }
            }
        }
    }

    /// One tree of a `use`, up to the comma behind it.
    fn imports(&mut self, before: &[String], tokens: &mut Tokens) {
        while tokens.peek().is_some() {
            let mut path = before.to_vec();
            let mut name = None;
            loop {
                match tokens.next() {
                    Some(TokenTree::Ident(word)) if word == "as" => {
                        name = ident(tokens);
                    }
                    Some(TokenTree::Ident(word)) => path.push(word.to_string()),
                    Some(TokenTree::Group(group)) => {
                        self.imports(&path, &mut group.stream().into_iter().peekable());
                        path.clear();
                    }
                    Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => {
                        self.imports.push(Import {
                            path: std::mem::take(&mut path),
                            name: None,
                        });
                    }
                    Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => {}
                    _ => break,
                }
            }
            if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                path.pop();
            }
            if let Some(last) = path.last() {
                let name = Some(name.unwrap_or_else(|| last.clone()));
                self.imports.push(Import { path, name });
            }
        }
    }
}

fn rest_of_path(first: &str, tokens: &mut Tokens) -> Path {
    let mut path = vec![first.to_owned()];
    while is_punct(tokens.peek(), ':') {
        let mut ahead = tokens.clone();
        let joint = matches!(ahead.next(), Some(TokenTree::Punct(punct)) if punct.spacing() == Spacing::Joint);
        if !joint || !skip_punct(&mut ahead, ':') {
            break;
        }
        let Some(name) = ident(&mut ahead) else { break };
        path.push(name);
        *tokens = ahead;
    }
    path
}

/// `cfg(test)` and `cfg(all(test, …))`, not `cfg(not(test))`.
fn is_for_tests(attribute: TokenStream) -> bool {
    fn says_test(tokens: TokenStream) -> bool {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Ident(word) if word == "not" => {
                    tokens.next();
                }
                TokenTree::Ident(word) if word == "test" => return true,
                TokenTree::Group(group) if says_test(group.stream()) => return true,
                _ => {}
            }
        }
        false
    }
    let mut tokens = attribute.into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(word)) if word == "cfg")
        && tokens
            .next()
            .is_some_and(|argument| says_test(argument.into()))
}

/// Up to the end of an item, a statement, a field or a variant.
fn skip_item(tokens: &mut Tokens) {
    let mut is_item = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(word) => is_item |= word == "fn" || word == "impl" || word == "use",
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            TokenTree::Punct(punct) if punct.as_char() == ',' && !is_item => return,
            _ => {}
        }
    }
}

fn ident(tokens: &mut Tokens) -> Option<String> {
    match tokens.next_if(|token| matches!(token, TokenTree::Ident(_)))? {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    }
}

fn is_group(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(_))
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

fn skip_punct(tokens: &mut Tokens, character: char) -> bool {
    tokens
        .next_if(|token| is_punct(Some(token), character))
        .is_some()
}
