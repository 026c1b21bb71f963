//! What differs between two descriptions, line by line.
//!
//! Sections are matched by their mid, lines by what they are about: the codec parameters of a
//! payload type, the name of an attribute, the URI of a header extension.

use std::collections::{HashMap, HashSet};

use super::attribute::Attribute;
use super::description::{Line, ParsedDescription, Section};
use super::field::Field;

/// How a line compares with the other description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Same,
    /// The same matter, said otherwise there.
    Changed {
        there: String,
    },
    OnlyHere,
}

/// Every line of one description beside another.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Diff<'a> {
    /// In the order of [`ParsedDescription::all_lines`] of this one.
    pub(crate) marks: Vec<Mark>,
    /// Lines of the other one that nothing here is about, with where they would be.
    pub(crate) gone: Vec<(Spot, &'a Line)>,
}

/// Where a line of the other description would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spot {
    /// Above the first section.
    Session,
    /// In the section here that has this index.
    Section(usize),
    /// In a section that is only there; its index there.
    GoneSection(usize),
}

/// Compares `here` with `there`.
pub(crate) fn diff<'a>(here: &ParsedDescription, there: &'a ParsedDescription) -> Diff<'a> {
    let mut diff = Diff::default();
    compare(&here.lines, &there.lines, Spot::Session, &mut diff);
    let pairs = pairs(here, there);
    for (index, section) in here.sections.iter().enumerate() {
        let lines = pairs[index].map_or(&[][..], |there| &there.lines);
        compare(&section.lines, lines, Spot::Section(index), &mut diff);
    }
    let matched: HashSet<_> = pairs
        .into_iter()
        .flatten()
        .map(std::ptr::from_ref)
        .collect();
    for (index, section) in there.sections.iter().enumerate() {
        if !matched.contains(&std::ptr::from_ref(section)) {
            let spot = Spot::GoneSection(index);
            diff.gone
                .extend(section.lines.iter().map(|line| (spot, line)));
        }
    }
    diff
}

/// For each section here the one there of the same mid; of the same place where there are none.
pub(super) fn pairs<'a>(
    here: &ParsedDescription,
    there: &'a ParsedDescription,
) -> Vec<Option<&'a Section>> {
    let mut by_mid = HashMap::new();
    for section in &there.sections {
        if let Some(mid) = section.mid() {
            by_mid.entry(mid).or_insert(section);
        }
    }
    let pair = |(index, section): (usize, &Section)| match section.mid() {
        Some(mid) => by_mid.remove(mid),
        None => there
            .sections
            .get(index)
            .filter(|there| there.mid().is_none()),
    };
    here.sections.iter().enumerate().map(pair).collect()
}

fn compare<'a>(here: &[Line], there: &'a [Line], spot: Spot, diff: &mut Diff<'a>) {
    let mut others: HashMap<String, &'a Line> = keyed(there).collect();
    for (key, line) in keyed(here) {
        diff.marks.push(match others.remove(&key) {
            None => Mark::OnlyHere,
            Some(other) if other.text == line.text => Mark::Same,
            Some(other) => Mark::Changed {
                there: other.text.clone(),
            },
        });
    }
    let mut gone: Vec<&Line> = others.into_values().collect();
    gone.sort_by_key(|line| line.number);
    diff.gone.extend(gone.into_iter().map(|line| (spot, line)));
}

/// Lines with what they are about; the second of the same matter with a number, and so on.
fn keyed(lines: &[Line]) -> impl Iterator<Item = (String, &Line)> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    lines.iter().map(move |line| {
        let matter = matter(line);
        let count = seen.entry(matter.clone()).or_default();
        *count += 1;
        (format!("{matter}\n{count}"), line)
    })
}

/// What a line is about, whatever it says of it.
fn matter(line: &Line) -> String {
    match &line.field {
        Field::Attribute(attribute) => about(attribute),
        Field::Bandwidth { kind, .. } => format!("b={kind}"),
        Field::Malformed(_) => line.text.clone(),
        _ => line.text.chars().take(2).collect(),
    }
}

fn about(attribute: &Attribute) -> String {
    let name = attribute.name();
    match attribute {
        Attribute::Direction(_) => "direction".to_owned(),
        Attribute::Rtpmap { payload, .. } => format!("{name} {payload}"),
        Attribute::Fmtp { format, .. } => format!("{name} {format}"),
        Attribute::RtcpFb { payload, feedback } => format!("{name} {payload} {feedback}"),
        Attribute::Extmap { uri, .. } => format!("{name} {uri}"),
        Attribute::Group { semantics, .. } => format!("{name} {semantics}"),
        Attribute::Ssrc {
            ssrc, name: what, ..
        } => format!("{name} {ssrc} {what}"),
        Attribute::SsrcGroup { semantics, ssrcs } => {
            format!("{name} {semantics} {}", ssrcs.join(" "))
        }
        Attribute::Rid { id, .. } => format!("{name} {id}"),
        Attribute::Fingerprint { hash, .. } => format!("{name} {}", hash.to_ascii_lowercase()),
        Attribute::Candidate(candidate) => format!(
            "{name} {} {} {} {} {}",
            candidate.component,
            candidate.protocol,
            candidate.address,
            candidate.port,
            candidate.kind,
        ),
        _ => name.to_owned(),
    }
}
