//! Expressions from their text, checked as far as one can without values: names, methods, what
//! they take and what operators work on.
//!
//! <https://firebase.google.com/docs/reference/security/database>

mod check;
mod members;

use super::error::SyntaxError;
use super::expression::{Expression, Kind, Operator};
use super::lexer::{Lexer, Token};

/// Expressions in expressions. Parsing, evaluating and dropping one take stack for each.
const MAX_DEPTH: usize = 100;

/// What a rule may speak of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    /// The rules' keys from the root to this rule, `$variables` among them.
    pub(super) place: &'a [String],
    /// Whether there is a `newData`.
    pub(super) writes: bool,
}

/// A whole rule.
pub(super) fn parse(text: &str, scope: Scope<'_>) -> Result<Expression, SyntaxError> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        scope,
        next: (0, Token::End),
        nesting: 0,
    };
    parser.advance()?;
    let rule = parser.expression()?;
    if parser.next.1 != Token::End {
        return Err(parser.unexpected("an operator or the end of the rule"));
    }
    parser.want(&rule, &[Kind::Bool], "a rule is true or false")?;
    Ok(rule.expression)
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    scope: Scope<'a>,
    /// The next word and where it begins.
    next: (usize, Token),
    nesting: usize,
}

/// A part of the rule.
struct Part {
    expression: Expression,
    kind: Kind,
    depth: usize,
    at: usize,
}

/// An operator of two, and how strongly it binds.
fn operator(symbol: &str) -> Option<(u8, Option<Operator>)> {
    Some(match symbol {
        "||" => (1, None),
        "&&" => (2, None),
        "==" | "===" => (3, Some(Operator::Equal)),
        "!=" | "!==" => (3, Some(Operator::NotEqual)),
        "<" => (4, Some(Operator::Less)),
        "<=" => (4, Some(Operator::LessOrEqual)),
        ">" => (4, Some(Operator::Greater)),
        ">=" => (4, Some(Operator::GreaterOrEqual)),
        "+" => (5, Some(Operator::Add)),
        "-" => (5, Some(Operator::Subtract)),
        "*" => (6, Some(Operator::Multiply)),
        "/" => (6, Some(Operator::Divide)),
        "%" => (6, Some(Operator::Remainder)),
        _ => return None,
    })
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<Token, SyntaxError> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next).1)
    }

    fn unexpected(&self, expected: &str) -> SyntaxError {
        let found = match &self.next.1 {
            Token::End => "the end".to_owned(),
            Token::Number(number) => format!("`{number}`"),
            Token::Text(text) => format!("'{text}'"),
            Token::Name(name) => format!("`{name}`"),
            Token::Symbol(symbol) => format!("`{symbol}`"),
        };
        let what = format!("expected {expected}, found {found}");
        self.lexer.error(self.next.0, what)
    }

    fn takes(&mut self, symbol: &str) -> Result<bool, SyntaxError> {
        let there = matches!(self.next.1, Token::Symbol(found) if found == symbol);
        if there {
            self.advance()?;
        }
        Ok(there)
    }

    fn expect(&mut self, symbol: &str) -> Result<(), SyntaxError> {
        if self.takes(symbol)? {
            return Ok(());
        }
        Err(self.unexpected(&format!("`{symbol}`")))
    }

    /// Something made of parts, the first of which is at `at`.
    fn whole(
        &self,
        at: usize,
        kind: Kind,
        depths: &[usize],
        expression: Expression,
    ) -> Result<Part, SyntaxError> {
        let depth = 1 + depths.iter().max().copied().unwrap_or_default();
        let part = Part {
            expression,
            kind,
            depth,
            at,
        };
        if depth > MAX_DEPTH {
            return Err(self.too_deep(at));
        }
        Ok(part)
    }

    fn too_deep(&self, at: usize) -> SyntaxError {
        let what = format!("more than {MAX_DEPTH} expressions in each other: make it simpler");
        self.lexer.error(at, what)
    }

    fn nested<T>(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return Err(self.too_deep(self.next.0));
        }
        let parsed = parse(self)?;
        self.nesting -= 1;
        Ok(parsed)
    }

    fn expression(&mut self) -> Result<Part, SyntaxError> {
        self.nested(|parser| {
            let condition = parser.binary(1)?;
            if !parser.takes("?")? {
                return Ok(condition);
            }
            parser.want(
                &condition,
                &[Kind::Bool],
                "what stands before `?` is a condition",
            )?;
            let yes = parser.expression()?;
            parser.expect(":")?;
            let no = parser.expression()?;
            let kind = if yes.kind == no.kind {
                yes.kind
            } else {
                Kind::Any
            };
            let depths = [condition.depth, yes.depth, no.depth];
            let whole = Expression::If(
                Box::new(condition.expression),
                Box::new(yes.expression),
                Box::new(no.expression),
            );
            parser.whole(condition.at, kind, &depths, whole)
        })
    }

    /// Operators that bind at least so strongly; each takes what stands left of it.
    fn binary(&mut self, least: u8) -> Result<Part, SyntaxError> {
        let mut left = self.unary()?;
        while let Token::Symbol(symbol) = self.next.1
            && let Some((strength, operator)) = operator(symbol)
            && strength >= least
        {
            self.advance()?;
            let right = self.binary(strength + 1)?;
            let kind = match operator {
                Some(operator) => self.kind(operator, symbol, &left, &right)?,
                None => {
                    self.want_bool(&left)?;
                    self.want_bool(&right)?;
                    Kind::Bool
                }
            };
            let (at, depths) = (left.at, [left.depth, right.depth]);
            let (one, two) = (Box::new(left.expression), Box::new(right.expression));
            let whole = match operator {
                Some(operator) => Expression::Binary(operator, one, two),
                None if symbol == "&&" => Expression::And(one, two),
                None => Expression::Or(one, two),
            };
            left = self.whole(at, kind, &depths, whole)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Part, SyntaxError> {
        let at = self.next.0;
        if self.takes("!")? {
            let part = self.nested(Self::unary)?;
            self.want_bool(&part)?;
            let whole = Expression::Not(Box::new(part.expression));
            return self.whole(at, Kind::Bool, &[part.depth], whole);
        }
        if self.takes("-")? {
            let part = self.nested(Self::unary)?;
            self.want(&part, &[Kind::Number], "`-` works on numbers")?;
            let whole = Expression::Negative(Box::new(part.expression));
            return self.whole(at, Kind::Number, &[part.depth], whole);
        }
        let mut part = self.primary()?;
        loop {
            if self.takes(".")? {
                let at = self.next.0;
                let Token::Name(name) = self.advance()? else {
                    return Err(self.lexer.error(at, "expected a name after `.`"));
                };
                part = self.member(part, &name, at)?;
            } else if self.takes("[")? {
                part = self.index(part)?;
            } else {
                return Ok(part);
            }
        }
    }

    fn primary(&mut self) -> Result<Part, SyntaxError> {
        let at = self.next.0;
        if self.takes("(")? {
            let part = self.expression()?;
            self.expect(")")?;
            return Ok(Part { at, ..part });
        }
        let (kind, expression) = match &self.next.1 {
            Token::Number(number) => (Kind::Number, Expression::Number(*number)),
            Token::Text(text) => (Kind::Text, Expression::Text(text.clone())),
            Token::Name(name) => self.name(name)?,
            Token::Symbol(_) | Token::End => {
                return Err(self.unexpected("a value, a variable, `!`, `-` or `(`"));
            }
        };
        self.advance()?;
        self.whole(at, kind, &[], expression)
    }

    fn name(&self, name: &str) -> Result<(Kind, Expression), SyntaxError> {
        Ok(match name {
            "null" => (Kind::Null, Expression::Null),
            "true" => (Kind::Bool, Expression::Bool(true)),
            "false" => (Kind::Bool, Expression::Bool(false)),
            "auth" => (Kind::Any, Expression::Auth),
            "now" => (Kind::Number, Expression::Now),
            "root" => (Kind::Snapshot, Expression::Root),
            "data" => (Kind::Snapshot, Expression::Data),
            "newData" if self.scope.writes => (Kind::Snapshot, Expression::NewData),
            "newData" => {
                let what = "there is no `newData` in a rule for reading";
                return Err(self.lexer.error(self.next.0, what));
            }
            _ => {
                let step = self.scope.place.iter().position(|key| key == name);
                let step = step.filter(|_| name.starts_with('$')).ok_or_else(|| {
                    let what = format!(
                        "there is no variable `{name}`; there are `auth`, `now`, `root`, `data`, \
                         `newData`, and the `$variables` on the way to the rule"
                    );
                    self.lexer.error(self.next.0, what)
                })?;
                (Kind::Text, Expression::Variable(step))
            }
        })
    }
}
