//! What follows a value: members, methods and what they take.

use super::{Expression, Kind, Parser, Part, SyntaxError, Token};
use crate::rtdb::rules::expression::Method;
use crate::rtdb::rules::regexp;

impl Parser<'_> {
    /// What follows a `[`.
    pub(super) fn index(&mut self, part: Part) -> Result<Part, SyntaxError> {
        let name = self.expression()?;
        self.expect("]")?;
        match (&name.expression, self.next.1 == Token::Symbol("(")) {
            (Expression::Text(text), call) if call || part.kind != Kind::Any => {
                self.member(part, text, name.at)
            }
            (_, false) if part.kind == Kind::Any => {
                self.want(&name, &[Kind::Text], "a member's name is a text")?;
                let depths = [part.depth, name.depth];
                let whole =
                    Expression::Member(Box::new(part.expression), Box::new(name.expression));
                self.whole(part.at, Kind::Any, &depths, whole)
            }
            _ => Err(self
                .lexer
                .error(name.at, "only what `auth` says is found by such a name")),
        }
    }

    /// What follows a `.`, or is written as in `auth['uid']`.
    pub(super) fn member(
        &mut self,
        part: Part,
        name: &str,
        at: usize,
    ) -> Result<Part, SyntaxError> {
        if self.takes("(")? {
            return self.call(part, name, at);
        }
        let (kind, expression) = match part.kind {
            Kind::Any if name != "length" => {
                let name = Box::new(Expression::Text(name.to_owned()));
                (
                    Kind::Any,
                    Expression::Member(Box::new(part.expression), name),
                )
            }
            Kind::Any | Kind::Value | Kind::Text if name == "length" => {
                (Kind::Number, Expression::Length(Box::new(part.expression)))
            }
            _ => {
                return Err(self
                    .lexer
                    .error(at, format!("nothing here is called `{name}`")));
            }
        };
        self.whole(part.at, kind, &[part.depth], expression)
    }

    /// What follows the `(` after a method's name.
    fn call(&mut self, part: Part, name: &str, at: usize) -> Result<Part, SyntaxError> {
        let text = part.kind.may_be(&[Kind::Text]);
        if text && name == "matches" {
            return self.matches(part);
        }
        let method = match part.kind {
            Kind::Snapshot => Method::of_snapshot(name),
            _ if text => Method::of_text(name),
            _ => None,
        };
        let method = method.ok_or_else(|| {
            self.lexer
                .error(at, format!("there is no method `{name}` here"))
        })?;
        let arguments = if method == Method::HasChildren && self.takes("[")? {
            let arguments = self.texts("]")?;
            if arguments.is_empty() {
                return Err(self.lexer.error(at, "the list of children is empty"));
            }
            self.expect(")")?;
            arguments
        } else {
            let arguments = self.texts(")")?;
            let (taken, given) = (method.arguments(), arguments.len());
            if taken != given {
                let what = if method == Method::HasChildren {
                    "`hasChildren` takes nothing or a list such as ['a', 'b']".to_owned()
                } else {
                    format!("the number of texts that `{name}` takes is {taken}, not {given}")
                };
                return Err(self.lexer.error(at, what));
            }
            arguments
        };
        let depths: Vec<_> = arguments
            .iter()
            .map(|part| part.depth)
            .chain([part.depth])
            .collect();
        let arguments = arguments.into_iter().map(|part| part.expression).collect();
        let whole = Expression::Call(Box::new(part.expression), method, arguments);
        self.whole(part.at, method.kind(), &depths, whole)
    }

    /// Arguments up to and with this bracket.
    fn texts(&mut self, close: &str) -> Result<Vec<Part>, SyntaxError> {
        let mut texts = Vec::new();
        if self.takes(close)? {
            return Ok(texts);
        }
        loop {
            let part = self.expression()?;
            self.want(&part, &[Kind::Text], "the argument is a text")?;
            texts.push(part);
            if self.takes(close)? {
                return Ok(texts);
            }
            if !self.takes(",")? {
                return Err(self.unexpected(&format!("`,` or `{close}`")));
            }
        }
    }

    fn matches(&mut self, part: Part) -> Result<Part, SyntaxError> {
        if self.next.1 != Token::Symbol("/") {
            return Err(self.unexpected("a regular expression such as `/^[a-z]+$/`"));
        }
        let at = self.next.0;
        let (pattern, flags) = self.lexer.regexp()?;
        let regexp = regexp::compile(pattern, flags).map_err(|what| self.lexer.error(at, what))?;
        self.advance()?;
        self.expect(")")?;
        let whole = Expression::Matches(Box::new(part.expression), regexp);
        self.whole(part.at, Kind::Bool, &[part.depth], whole)
    }
}
