//! Who can report to a trace, and how people call them: the page, the parts of it that report under
//! names of their own, both peers of a pair within one page, and peers elsewhere. Pure.
//!
//! What people are called is not known here, and nothing is drawn or replaced here.

/// The name of what this page does.
pub const PAGE: &str = Part::Page.as_str();
/// The name of the signaling service.
pub(crate) const SERVICE: &str = Part::Signaling.as_str();
/// Who looks at it, as people say it.
pub(crate) const YOU: &str = "you";
/// What this page is called where people have names.
pub(crate) const THIS_PAGE: &str = "this page";

/// A part of the page that reports under a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    Page,
    Call,
    Speaker,
    Signaling,
}

/// One of the two peers of a connection within one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InPagePeer {
    Local,
    Remote,
}

/// Whom a chapter shows within one page, where there is nobody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    Gatherer,
    Alice,
    TowardsAlice,
    TowardsBob,
    Bob,
}

/// Who reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reporter<'a> {
    Part(Part),
    InPagePeer(InPagePeer),
    Actor(Actor),
    /// A peer elsewhere by its id.
    Peer(&'a str),
}

impl Part {
    pub(crate) const ALL: [Self; 4] = [Self::Page, Self::Call, Self::Speaker, Self::Signaling];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Call => "call",
            Self::Speaker => "speaker",
            Self::Signaling => "signaling",
        }
    }
}

impl InPagePeer {
    pub(crate) const ALL: [Self; 2] = [Self::Local, Self::Remote];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "localPeer",
            Self::Remote => "remotePeer",
        }
    }

    pub(crate) fn other(self) -> Self {
        match self {
            Self::Local => Self::Remote,
            Self::Remote => Self::Local,
        }
    }
}

impl Actor {
    pub(crate) const ALL: [Self; 5] = [
        Self::Gatherer,
        Self::Alice,
        Self::TowardsAlice,
        Self::TowardsBob,
        Self::Bob,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Gatherer => "gatherer",
            Self::Alice => "Alice",
            Self::TowardsAlice => "middle → Alice",
            Self::TowardsBob => "middle → Bob",
            Self::Bob => "Bob",
        }
    }
}

impl<'a> Reporter<'a> {
    /// Who has this name, unless it is a peer that is called as a part of the page is: whose entry
    /// it is then only the rest of the entry tells.
    pub(crate) fn named(name: &'a str) -> Self {
        let parts = Part::ALL.into_iter().map(Self::Part);
        let peers = InPagePeer::ALL.into_iter().map(Self::InPagePeer);
        let actors = Actor::ALL.into_iter().map(Self::Actor);
        let mut all = parts.chain(peers).chain(actors);
        let found = all.find(|reporter| reporter.as_str() == name);
        found.unwrap_or(Self::Peer(name))
    }

    pub(crate) fn as_str(self) -> &'a str {
        match self {
            Self::Part(part) => part.as_str(),
            Self::InPagePeer(of) => of.as_str(),
            Self::Actor(actor) => actor.as_str(),
            Self::Peer(id) => id,
        }
    }
}

impl From<Part> for Reporter<'_> {
    fn from(part: Part) -> Self {
        Self::Part(part)
    }
}

impl From<InPagePeer> for Reporter<'_> {
    fn from(of: InPagePeer) -> Self {
        Self::InPagePeer(of)
    }
}

impl From<Actor> for Reporter<'_> {
    fn from(actor: Actor) -> Self {
        Self::Actor(actor)
    }
}

impl<'a> From<&'a str> for Reporter<'a> {
    fn from(id: &'a str) -> Self {
        Self::Peer(id)
    }
}

impl<'a> From<&'a String> for Reporter<'a> {
    fn from(id: &'a String) -> Self {
        Self::Peer(id)
    }
}

/// Whom a connection leads to, as people say it: that of a peer, shown here, may lead to this page.
pub(crate) fn whom(to: &str) -> &str {
    if to == PAGE { YOU } else { to }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_reporter_has_one_name_and_is_found_by_it() {
        let parts = Part::ALL.map(Reporter::from);
        let pair = InPagePeer::ALL.map(Reporter::from);
        let actors = Actor::ALL.map(Reporter::from);
        let all: Vec<_> = parts.into_iter().chain(pair).chain(actors).collect();
        let names: HashSet<_> = all.iter().map(|reporter| reporter.as_str()).collect();
        assert_eq!(names.len(), all.len());
        for reporter in all {
            assert_eq!(Reporter::named(reporter.as_str()), reporter);
        }
        assert_eq!(Reporter::named("ada"), Reporter::Peer("ada"));
    }

    /// A further one does not compile here before it has a place, and is not right before `ALL` has it.
    #[test]
    fn each_is_in_the_list_of_all() {
        let part = |part| match part {
            Part::Page => 0,
            Part::Call => 1,
            Part::Speaker => 2,
            Part::Signaling => 3,
        };
        assert_eq!(Part::ALL.map(part), [0, 1, 2, 3]);
        let peer = |peer| match peer {
            InPagePeer::Local => 0,
            InPagePeer::Remote => 1,
        };
        assert_eq!(InPagePeer::ALL.map(peer), [0, 1]);
        let actor = |actor| match actor {
            Actor::Gatherer => 0,
            Actor::Alice => 1,
            Actor::TowardsAlice => 2,
            Actor::TowardsBob => 3,
            Actor::Bob => 4,
        };
        assert_eq!(Actor::ALL.map(actor), [0, 1, 2, 3, 4]);
    }
}
