//! What operators work on, as far as that is known before there are values.

use super::{Kind, Operator, Parser, Part, SyntaxError};

impl Parser<'_> {
    pub(super) fn want(&self, part: &Part, kinds: &[Kind], why: &str) -> Result<(), SyntaxError> {
        if part.kind.may_be(kinds) {
            return Ok(());
        }
        Err(self.lexer.error(part.at, format!("{why}, and this is not")))
    }

    /// For `&&`, `||` and `!`, which Firebase lets work on nothing that is not surely a boolean.
    pub(super) fn want_bool(&self, part: &Part) -> Result<(), SyntaxError> {
        if part.kind == Kind::Bool {
            return Ok(());
        }
        let what = "`!`, `&&` and `||` work on conditions: compare this with something, as in \
                    `… == true`";
        Err(self.lexer.error(part.at, what))
    }

    /// Whether an operator works on these, and what it makes of them.
    pub(super) fn kind(
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
}
