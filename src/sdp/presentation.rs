//! A description as it is shown: sections, in them groups of lines that belong together, each
//! line with its meaning and how it compares.
//!
//! Browsers order lines each in their own way, Firefox by name; here what belongs together stands
//! together, and each line keeps the number it has in the text.

use std::collections::HashMap;

use signaling_protocol::SdpType;

use super::codec::{Codec, Role, codecs};
use super::description::{Line, ParsedDescription, Section};
use super::diff::{Mark, Spot, diff};
use super::explanation::{Explanation, explain, listed};
use super::group::{Topic, topic};
use super::summary::title;

/// One part of a description.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) title: String,
    /// In one line: which way media flows, which codecs, …
    pub(crate) summary: String,
    pub(crate) groups: Vec<Group>,
    /// It stands only in the other description.
    pub(crate) gone: bool,
}

/// Lines of a part that belong together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) rows: Vec<Row>,
    /// One of many of its kind, so better closed at first: a codec, header extensions.
    pub(crate) many: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Its number in the text; none for a line that only the other description has.
    pub(crate) number: Option<usize>,
    pub(crate) text: String,
    pub(crate) explanation: Explanation,
    pub(crate) mark: Option<RowMark>,
}

/// How a row compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RowMark {
    Same,
    Changed { there: String },
    OnlyHere,
    OnlyThere,
}

impl Group {
    /// How many of its lines differ from the other description.
    pub(crate) fn differing(&self) -> usize {
        let marks = self.rows.iter().filter_map(|row| row.mark.as_ref());
        marks.filter(|mark| **mark != RowMark::Same).count()
    }
}

/// Lays out `description`, compared with another description if there is one.
pub(crate) fn present(
    description: &ParsedDescription,
    kind: SdpType,
    other: Option<(&ParsedDescription, SdpType)>,
) -> Vec<Part> {
    let mut explanations = explain(description, kind).into_iter();
    let compared = other.map(|(other, other_kind)| (diff(description, other), other, other_kind));
    let mut marks = compared.iter().flat_map(|(diff, ..)| diff.marks.iter());
    let mut row = |line: &Line| Row {
        number: Some(line.number),
        text: line.text.clone(),
        explanation: explanations.next().unwrap_or_else(Explanation::none),
        mark: marks.next().map(RowMark::from),
    };
    let mut layouts = vec![Layout::of_session(description)];
    for line in &description.lines {
        let row = row(line);
        layouts[0].add(line, row);
    }
    for (index, section) in description.sections.iter().enumerate() {
        let mut layout = Layout::of_section(section, index);
        for line in &section.lines {
            layout.add(line, row(line));
        }
        layouts.push(layout);
    }
    if let Some((diff, other, other_kind)) = &compared {
        let there: HashMap<usize, Explanation> = other
            .all_lines()
            .map(|line| line.number)
            .zip(explain(other, *other_kind))
            .collect();
        let mut gone: HashMap<usize, usize> = HashMap::new();
        for (spot, line) in &diff.gone {
            let at = match *spot {
                Spot::Session => 0,
                Spot::Section(index) => index + 1,
                Spot::GoneSection(index) => *gone.entry(index).or_insert_with(|| {
                    let section = &other.sections[index];
                    layouts.push(Layout::of_gone(section, index));
                    layouts.len() - 1
                }),
            };
            let row = Row {
                number: None,
                text: line.text.clone(),
                explanation: there
                    .get(&line.number)
                    .cloned()
                    .unwrap_or_else(Explanation::none),
                mark: Some(RowMark::OnlyThere),
            };
            layouts[at].add(line, row);
        }
    }
    layouts.into_iter().map(Layout::finish).collect()
}

impl From<&Mark> for RowMark {
    fn from(mark: &Mark) -> Self {
        match mark {
            Mark::Same => Self::Same,
            Mark::Changed { there } => Self::Changed {
                there: there.clone(),
            },
            Mark::OnlyHere => Self::OnlyHere,
        }
    }
}

/// A part in the making.
struct Layout {
    part: Part,
    groups: HashMap<Topic, Group>,
    /// Each payload type with the one under which it is shown.
    shown_under: HashMap<String, String>,
    codec_titles: HashMap<String, String>,
    /// The order of codecs as they are preferred.
    order: Vec<String>,
}

impl Layout {
    fn new(title: String, summary: String) -> Self {
        Self {
            part: Part {
                title,
                summary,
                groups: Vec::new(),
                gone: false,
            },
            groups: HashMap::new(),
            shown_under: HashMap::new(),
            codec_titles: HashMap::new(),
            order: Vec::new(),
        }
    }

    fn of_session(description: &ParsedDescription) -> Self {
        let kinds: Vec<String> = description
            .sections
            .iter()
            .filter_map(|section| section.media())
            .map(|media| media.kind.clone())
            .collect();
        let summary = match kinds.len() {
            0 => "There is no section below.".to_owned(),
            1 => format!("Holds for the one section below: {}.", kinds[0]),
            count => format!("Holds for the {count} sections below: {}.", listed(&kinds)),
        };
        Self::new("The session".to_owned(), summary)
    }

    fn of_gone(section: &Section, index: usize) -> Self {
        let mut layout = Self::of_section(section, index);
        layout.part.gone = true;
        layout
    }

    fn of_section(section: &Section, index: usize) -> Self {
        let codecs = codecs(section);
        let mut layout = Self::new(title(section, index), summary(section, &codecs));
        for codec in &codecs {
            let under = match &codec.role {
                Role::Retransmission { of } if !of.is_empty() => of.clone(),
                _ => codec.payload.to_owned(),
            };
            layout.shown_under.insert(codec.payload.to_owned(), under);
            let title = format!(
                "{}, payload type {}",
                capitalized(&codec.title()),
                codec.payload
            );
            layout.codec_titles.insert(codec.payload.to_owned(), title);
            layout.order.push(codec.payload.to_owned());
        }
        layout
    }

    fn add(&mut self, line: &Line, row: Row) {
        let topic = match topic(&line.field) {
            Topic::Codec(payload) => {
                let under = self.shown_under.get(&payload).cloned();
                Topic::Codec(under.unwrap_or(payload))
            }
            topic => topic,
        };
        let group = self.groups.entry(topic).or_insert_with(|| Group {
            title: String::new(),
            rows: Vec::new(),
            many: false,
        });
        group.rows.push(row);
    }

    fn finish(mut self) -> Part {
        for topic in Topic::BEFORE_CODECS {
            self.move_group(&topic, topic.title().to_owned());
        }
        for payload in std::mem::take(&mut self.order) {
            let title = self.codec_titles.get(&payload).cloned().unwrap_or_default();
            self.move_group(&Topic::Codec(payload), title);
        }
        // What is said of payload types that the m= line does not name.
        let mut left: Vec<_> = self
            .groups
            .keys()
            .filter_map(Topic::payload)
            .map(str::to_owned)
            .collect();
        left.sort();
        for payload in left {
            let title = format!("Payload type {payload}");
            self.move_group(&Topic::Codec(payload), title);
        }
        for topic in Topic::AFTER_CODECS {
            self.move_group(&topic, topic.title().to_owned());
        }
        self.part
    }

    fn move_group(&mut self, topic: &Topic, title: String) {
        if let Some(group) = self.groups.remove(topic) {
            self.part.groups.push(Group {
                title,
                many: topic.is_many(group.rows.len()),
                ..group
            });
        }
    }
}

/// `Sends and receives. 3 codecs, Opus preferred.`
fn summary(section: &Section, codecs: &[Codec<'_>]) -> String {
    if section.is_rejected() {
        return "Not in use: port 0.".to_owned();
    }
    let media: Vec<String> = codecs
        .iter()
        .filter(|codec| codec.is_media())
        .map(Codec::title)
        .collect();
    let Some(preferred) = media.first() else {
        return match section.media() {
            Some(media) if media.kind == "application" => "Carries the data channels.".to_owned(),
            _ => String::new(),
        };
    };
    let directions = match section.direction().map(|d| (d.sends(), d.receives())) {
        Some((true, true)) | None => "Sends and receives",
        Some((true, false)) => "Only sends",
        Some((false, true)) => "Only receives",
        Some((false, false)) => "Neither sends nor receives",
    };
    match media.len() {
        1 => format!("{directions}. One codec: {preferred}."),
        count => format!("{directions}. {count} codecs, {preferred} preferred."),
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + characters.as_str()
    })
}
