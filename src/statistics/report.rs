//! A report of `getStats()`, as the browser gave it: every entry, every member.
//!
//! Reports of one second and the next are alike, so what they have in common is kept once
//! ([`Report::share`]); five minutes of them take a few megabytes instead of tens.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

/// What one connection said at one time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    /// When it was asked for, in milliseconds of the asker's clock.
    pub(crate) at_ms: f64,
    pub stats: Report,
}

/// The entries of a report, in the order they came. A clone shares them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report(Arc<[Stat]>);

/// One entry. The members that every entry has are apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stat {
    /// When the browser took it, in milliseconds; entries that the other end reports are older.
    pub(crate) timestamp: f64,
    body: Arc<Body>,
}

#[derive(Debug, PartialEq)]
struct Body {
    id: String,
    kind: String,
    members: Vec<(Arc<str>, Value)>,
}

/// The value of a member.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Text(Arc<str>),
    Bool(bool),
    /// A record, as `qualityLimitationDurations`, or a list.
    Other(Json),
}

impl Report {
    /// Reads a list of entries. What has no id or type is left out: it is not of the standard.
    pub(crate) fn from_json(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Stat> {
        self.0.iter()
    }

    /// The entries of a type: `inbound-rtp`, `candidate-pair`, …
    pub(crate) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Stat> {
        self.iter().filter(move |stat| stat.kind() == kind)
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Stat> {
        self.iter().find(|stat| stat.id() == id)
    }

    /// The entry that a member of `stat` names by its id.
    pub(crate) fn linked(&self, stat: &Stat, member: &str) -> Option<&Stat> {
        self.get(stat.text(member)?)
    }

    /// The pair of candidates in use: named by the transport; some browsers mark the pair.
    pub(crate) fn selected_pair(&self) -> Option<&Stat> {
        let by_transport = self
            .of_kind("transport")
            .find_map(|transport| self.linked(transport, "selectedCandidatePairId"));
        by_transport.or_else(|| {
            self.of_kind("candidate-pair")
                .find(|pair| pair.bool("selected") == Some(true))
        })
    }

    /// Takes over from an earlier report what is equal in it.
    #[must_use]
    pub(crate) fn share(self, earlier: &Self) -> Self {
        let entries = self.0.iter().map(|stat| {
            let Some(known) = earlier.get(stat.id()) else {
                return stat.clone();
            };
            let body = if known.body == stat.body {
                known.body.clone()
            } else {
                Arc::new(stat.body.share(&known.body))
            };
            Stat {
                timestamp: stat.timestamp,
                body,
            }
        });
        Self(entries.collect())
    }
}

impl Stat {
    pub(crate) fn id(&self) -> &str {
        &self.body.id
    }

    /// The entry's type.
    pub(crate) fn kind(&self) -> &str {
        &self.body.kind
    }

    /// All other members, in alphabetical order.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.body.members.iter().map(|(name, value)| (name, value))
    }

    pub(crate) fn value(&self, member: &str) -> Option<&Value> {
        let found = self.members().find(|(name, _)| &***name == member);
        found.map(|(_, value)| value)
    }

    pub(crate) fn number(&self, member: &str) -> Option<f64> {
        match self.value(member)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Nothing for a text that is empty: some browsers write so what they do not tell.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        match self.value(member)? {
            Value::Text(text) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    pub(crate) fn bool(&self, member: &str) -> Option<bool> {
        match self.value(member)? {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }
}

impl Body {
    fn share(&self, earlier: &Self) -> Self {
        let members = self.members.iter().map(|(name, value)| {
            let known = earlier.members.iter().find(|(known, _)| known == name);
            match known {
                Some((name, known)) if known == value => (name.clone(), known.clone()),
                Some((name, _)) => (name.clone(), value.clone()),
                None => (name.clone(), value.clone()),
            }
        });
        Self {
            id: self.id.clone(),
            kind: self.kind.clone(),
            members: members.collect(),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Bool(value) => value.fmt(f),
            Self::Other(json) => json.fmt(f),
        }
    }
}

impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Bool(value) => Self::Bool(value),
            Json::String(text) => Self::Text(text.into()),
            Json::Number(number) => number
                .as_f64()
                .map_or(Self::Other(Json::Number(number)), Self::Number),
            other => Self::Other(other),
        }
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(*value),
            Value::Text(text) => Self::String(text.to_string()),
            Value::Number(number) => Self::from(*number),
            Value::Other(json) => json.clone(),
        }
    }
}

impl<'de> Deserialize<'de> for Report {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::<Json>::deserialize(deserializer)?;
        Ok(Self(entries.into_iter().filter_map(stat).collect()))
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|stat| {
            let mut entry = Map::new();
            entry.insert("id".to_owned(), stat.id().into());
            entry.insert("type".to_owned(), stat.kind().into());
            entry.insert("timestamp".to_owned(), stat.timestamp.into());
            for (name, value) in stat.members() {
                entry.insert(name.to_string(), value.into());
            }
            Json::Object(entry)
        }))
    }
}

fn stat(entry: Json) -> Option<Stat> {
    let Json::Object(mut entry) = entry else {
        return None;
    };
    let mut text = |member| match entry.remove(member) {
        Some(Json::String(text)) => Some(text),
        _ => None,
    };
    let (id, kind) = (text("id")?, text("type")?);
    let timestamp = entry.remove("timestamp").and_then(|time| time.as_f64());
    let members = entry.into_iter();
    let members = members.map(|(name, value)| (name.into(), value.into()));
    Some(Stat {
        timestamp: timestamp.unwrap_or_default(),
        body: Arc::new(Body {
            id,
            kind,
            members: members.collect(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testdata::{chromium, firefox};
    use super::*;

    #[test]
    fn a_report_of_each_browser_names_the_pair_in_use() {
        for recording in [chromium(), firefox()] {
            for sample in recording.local.iter().chain(&recording.remote) {
                let pair = sample.stats.selected_pair().unwrap();
                assert_eq!(pair.text("state"), Some("succeeded"));
                let local = sample.stats.linked(pair, "localCandidateId").unwrap();
                assert_eq!(local.kind(), "local-candidate");
            }
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let sample = &firefox().remote[0];
        let json = serde_json::to_string(sample).unwrap();
        assert_eq!(serde_json::from_str::<Sample>(&json).unwrap(), *sample);
    }

    #[test]
    fn sharing_changes_nothing_but_the_memory() {
        let recording = chromium();
        let [first, second] = [0, 1].map(|index| recording.local[index].stats.clone());
        let shared = second.clone().share(&first);
        assert_eq!(shared, second);
        let of = |report: &Report| {
            let codec = report.of_kind("codec").next();
            codec.unwrap().body.clone()
        };
        assert!(Arc::ptr_eq(&of(&shared), &of(&first)));
    }

    #[test]
    fn what_is_not_of_the_standard_is_left_out() {
        let report = Report::from_json(r#"[{"id":"a"},7,null,{"id":"b","type":"codec"}]"#);
        let report = report.unwrap();
        assert_eq!(report.iter().map(Stat::id).collect::<Vec<_>>(), ["b"]);
        assert!(Report::from_json("{").is_err());
    }
}
