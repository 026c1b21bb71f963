//! What a rule's expression is made of, once it is understood.

use regex::Regex;

/// An expression. How deep it may be is bounded where it is parsed.
#[derive(Debug)]
pub(super) enum Expression {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Auth,
    Now,
    Data,
    NewData,
    Root,
    /// The key that a `$variable` stands for: so many steps below the root, counted from 0.
    Variable(usize),
    Not(Box<Self>),
    Negative(Box<Self>),
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Binary(Operator, Box<Self>, Box<Self>),
    /// Condition, then, else.
    If(Box<Self>, Box<Self>, Box<Self>),
    /// What has this name in what a token says.
    Member(Box<Self>, Box<Self>),
    /// A string's.
    Length(Box<Self>),
    Call(Box<Self>, Method, Vec<Self>),
    Matches(Box<Self>, Regex),
}

/// What computes a value of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A method other than `matches`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Val,
    Child,
    Parent,
    Exists,
    HasChild,
    HasChildren,
    GetPriority,
    IsString,
    IsNumber,
    IsBoolean,
    Contains,
    BeginsWith,
    EndsWith,
    Replace,
    ToLowerCase,
    ToUpperCase,
}

impl Method {
    /// That of a place in the database.
    pub(super) fn of_snapshot(name: &str) -> Option<Self> {
        Some(match name {
            "val" => Self::Val,
            "child" => Self::Child,
            "parent" => Self::Parent,
            "exists" => Self::Exists,
            "hasChild" => Self::HasChild,
            "hasChildren" => Self::HasChildren,
            "getPriority" => Self::GetPriority,
            "isString" => Self::IsString,
            "isNumber" => Self::IsNumber,
            "isBoolean" => Self::IsBoolean,
            _ => return None,
        })
    }

    pub(super) fn of_text(name: &str) -> Option<Self> {
        Some(match name {
            "contains" => Self::Contains,
            "beginsWith" => Self::BeginsWith,
            "endsWith" => Self::EndsWith,
            "replace" => Self::Replace,
            "toLowerCase" => Self::ToLowerCase,
            "toUpperCase" => Self::ToUpperCase,
            _ => return None,
        })
    }

    /// How many texts it takes. `hasChildren` is another matter.
    pub(super) fn arguments(self) -> usize {
        match self {
            Self::Child | Self::HasChild | Self::Contains | Self::BeginsWith | Self::EndsWith => 1,
            Self::Replace => 2,
            _ => 0,
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Val => Kind::Value,
            Self::Child | Self::Parent => Kind::Snapshot,
            Self::GetPriority => Kind::Any,
            Self::Replace | Self::ToLowerCase | Self::ToUpperCase => Kind::Text,
            _ => Kind::Bool,
        }
    }
}

/// What is known of a value before it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    Snapshot,
    /// Stored in the database: it has no members but a string's.
    Value,
    /// Said by a token: it may have any member.
    Any,
}

impl Kind {
    /// Whether it may turn out to be one of these.
    pub(super) fn may_be(self, kinds: &[Self]) -> bool {
        matches!(self, Self::Value | Self::Any) || kinds.contains(&self)
    }
}
