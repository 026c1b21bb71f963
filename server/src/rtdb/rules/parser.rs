//! Expressions from their text, checked as far as one can without values: names, methods, what
//! they take and what operators work on.
//!
//! <https://firebase.google.com/docs/reference/security/database>

use super::SyntaxError;
use super::expression::{Expression, Kind, Method, Operator};
use super::lexer::{Lexer, Token};
use super::regexp;

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

    fn want(&self, part: &Part, kinds: &[Kind], why: &str) -> Result<(), SyntaxError> {
        if part.kind.may_be(kinds) {
            return Ok(());
        }
        Err(self.lexer.error(part.at, format!("{why}, and this is not")))
    }

    /// For `&&`, `||` and `!`, which Firebase lets work on nothing that is not surely a boolean.
    fn want_bool(&self, part: &Part) -> Result<(), SyntaxError> {
        if part.kind == Kind::Bool {
            return Ok(());
        }
        let what = "`!`, `&&` and `||` work on conditions: compare this with something, as in \
                    `… == true`";
        Err(self.lexer.error(part.at, what))
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

    /// Whether an operator works on these, and what it makes of them.
    fn kind(
        &self,
        operator: Operator,
        symbol: &str,
        left: &Part,
        right: &Part,
    ) -> Result<Kind, SyntaxError> {
        let want = |kinds: &[Kind], what: &str| {
            let why = format!("`{symbol}` works on {what}");
            self.want(left, kinds, &why)?;
            self.want(right, kinds, &why)
        };
        let either = |kind| left.kind == kind || right.kind == kind;
        Ok(match operator {
            Operator::Equal | Operator::NotEqual => {
                let values = [Kind::Null, Kind::Bool, Kind::Number, Kind::Text];
                want(&values, "values, `.val()` of a place among them")?;
                Kind::Bool
            }
            Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => {
                want(&[Kind::Number, Kind::Text, Kind::Null], "numbers or texts")?;
                if !left.kind.may_be(&[right.kind]) && !right.kind.may_be(&[left.kind]) {
                    let what = format!("`{symbol}` works on two numbers or two texts");
                    return Err(self.lexer.error(left.at, what));
                }
                Kind::Bool
            }
            Operator::Add => {
                want(&[Kind::Number, Kind::Text], "numbers and texts")?;
                if either(Kind::Text) {
                    Kind::Text
                } else if left.kind == Kind::Number && right.kind == Kind::Number {
                    Kind::Number
                } else {
                    Kind::Value
                }
            }
            Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
                want(&[Kind::Number], "numbers")?;
                Kind::Number
            }
        })
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

    /// What follows a `[`.
    fn index(&mut self, part: Part) -> Result<Part, SyntaxError> {
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
    fn member(&mut self, part: Part, name: &str, at: usize) -> Result<Part, SyntaxError> {
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
