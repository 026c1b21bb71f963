//! What differs between two descriptions, in a few words.

use std::collections::HashSet;

use super::attribute::{Attribute, Direction};
use super::codec::{Codec, codecs};
use super::description::{ParsedDescription, Section};
use super::diff::pairs;
use super::explanation::listed;

/// What became of `before` in the next description of the same side.
pub(crate) fn since(before: &ParsedDescription, now: &ParsedDescription) -> Vec<String> {
    let mut said = Vec::new();
    let (old, new) = (Facts::of(before), Facts::of(now));
    if let (Some(old), Some(new)) = (old.ufrag, new.ufrag)
        && old != new
    {
        said.push(
            "New ICE credentials: an ICE restart, so new candidates are gathered and checked."
                .to_owned(),
        );
    }
    if let (Some(old), Some(new)) = (old.fingerprint, new.fingerprint)
        && old != new
    {
        said.push("Another certificate: the DTLS handshake has to be made again, or this is another connection.".to_owned());
    }
    if let (Some(old), Some(new)) = (old.setup, new.setup)
        && old != new
    {
        said.push(format!("The DTLS role was “{old}” and is “{new}”."));
    }
    for (index, (section, before)) in now.sections.iter().zip(pairs(now, before)).enumerate() {
        let name = title(section, index);
        match before {
            None => said.push(format!("{name} is new.")),
            Some(before) => section_since(&name, before, section, &mut said),
        }
    }
    let kept: HashSet<_> = pairs(now, before)
        .into_iter()
        .flatten()
        .map(std::ptr::from_ref)
        .collect();
    for (index, section) in before.sections.iter().enumerate() {
        if !kept.contains(&std::ptr::from_ref(section)) {
            said.push(format!(
                "{} is gone; another took its place.",
                title(section, index)
            ));
        }
    }
    let found = new.candidates.difference(&old.candidates).count();
    if found > 0 {
        said.push(format!("{found} more {}.", plural(found, "candidate")));
    }
    if said.is_empty() {
        said.push("Nothing that matters has changed.".to_owned());
    }
    said
}

/// What an answer makes of an offer.
pub(crate) fn answered(offer: &ParsedDescription, answer: &ParsedDescription) -> Vec<String> {
    let mut said = Vec::new();
    if offer.sections.len() != answer.sections.len() {
        said.push(format!(
            "The offer has {} sections and the answer {}: they must have equally many, so this answer does not fit.",
            offer.sections.len(),
            answer.sections.len()
        ));
    }
    for (index, (section, offered)) in answer.sections.iter().zip(pairs(answer, offer)).enumerate()
    {
        let name = title(section, index);
        match offered {
            None => said.push(format!("{name} answers nothing that was offered.")),
            Some(offered) => section_answered(&name, offered, section, &mut said),
        }
    }
    match Facts::of(answer).setup {
        Some("active") => said.push("The answerer begins the DTLS handshake.".to_owned()),
        Some("passive") => said.push("The offerer begins the DTLS handshake.".to_owned()),
        _ => {}
    }
    let (before, after) = (bundle(offer), bundle(answer));
    if after.len() > 1 && after.len() == before.len() {
        said.push(format!("All {} sections share one transport.", after.len()));
    } else if !before.is_empty() && after.is_empty() {
        said.push(
            "The answer wants no bundle: each section gets a transport of its own.".to_owned(),
        );
    } else if after.len() < before.len() {
        said.push(format!(
            "The bundle keeps {} of {} sections.",
            after.len(),
            before.len()
        ));
    }
    said
}

/// `Section 1 (video)`.
pub(crate) fn title(section: &Section, index: usize) -> String {
    let kind = section.media().map_or("", |media| media.kind.as_str());
    let name = section
        .mid()
        .map_or_else(|| format!("number {}", index + 1), str::to_owned);
    format!("Section {name} ({kind})")
}

fn section_since(name: &str, before: &Section, now: &Section, said: &mut Vec<String>) {
    match (before.is_rejected(), now.is_rejected()) {
        (false, true) => return said.push(format!("{name} has been stopped.")),
        (true, true) => return,
        (true, false) => said.push(format!("{name} is used again.")),
        (false, false) => {}
    }
    if let (Some(old), Some(new)) = (before.direction(), now.direction())
        && old != new
        && now.media().is_some_and(|media| media.kind != "application")
    {
        let change = match (old.sends(), new.sends(), old.receives(), new.receives()) {
            (true, false, true, false) => "now sends and receives nothing",
            (true, false, ..) => "now sends nothing",
            (false, true, ..) => "now sends, too",
            (_, _, true, false) => "now receives nothing",
            _ => "now receives, too",
        };
        said.push(format!(
            "{name} {change} ({} → {}).",
            old.as_str(),
            new.as_str()
        ));
    }
    let (old, new) = (codecs(before), codecs(now));
    let (gone, come) = (missing(&old, &new), missing(&new, &old));
    if !gone.is_empty() {
        said.push(format!("{name} no longer has {}.", listed(&gone)));
    }
    if !come.is_empty() {
        said.push(format!(
            "{name} has {} more: {}.",
            plural(come.len(), "codec"),
            listed(&come)
        ));
    }
    let preferred = |codecs: &[Codec<'_>]| codecs.first().map(Codec::title);
    if gone.is_empty() && come.is_empty() && preferred(&old) != preferred(&new) {
        said.push(format!(
            "{name} now prefers {}.",
            preferred(&new).unwrap_or_default()
        ));
    }
}

fn section_answered(name: &str, offered: &Section, section: &Section, said: &mut Vec<String>) {
    if section.is_rejected() {
        let why = if offered.is_rejected() {
            "was not in use any more"
        } else {
            "is refused by the answer"
        };
        return said.push(format!("{name} {why}."));
    }
    let media = |section| {
        codecs(section)
            .into_iter()
            .filter(Codec::is_media)
            .map(|codec| codec.title())
            .collect::<Vec<_>>()
    };
    let (wanted, accepted) = (media(offered), media(section));
    if !wanted.is_empty() {
        let known: HashSet<_> = wanted.iter().collect();
        let count = accepted
            .iter()
            .filter(|codec| known.contains(codec))
            .count();
        let first = accepted
            .first()
            .map(|first| format!(", and prefers {first}"));
        said.push(format!(
            "{name}: the answer accepts {count} of {} {}{}.",
            wanted.len(),
            plural(wanted.len(), "codec"),
            first.unwrap_or_default()
        ));
        said.push(flow(name, offered.direction(), section.direction()));
    }
}

fn flow(name: &str, offered: Option<Direction>, answered: Option<Direction>) -> String {
    let offered = offered.unwrap_or(Direction::SendRecv);
    let answered = answered.unwrap_or(Direction::SendRecv);
    let there = offered.sends() && answered.receives();
    let back = answered.sends() && offered.receives();
    let directions = match (there, back) {
        (true, true) => "media flows both ways",
        (true, false) => "media flows from the offerer to the answerer only",
        (false, true) => "media flows from the answerer to the offerer only",
        (false, false) => "no media flows",
    };
    format!(
        "{name}: {directions} ({} and {}).",
        offered.as_str(),
        answered.as_str()
    )
}

/// The names of media codecs that only the first has.
fn missing(these: &[Codec<'_>], others: &[Codec<'_>]) -> Vec<String> {
    let others: HashSet<String> = others.iter().map(Codec::title).collect();
    let media = these
        .iter()
        .filter(|codec| codec.is_media())
        .map(Codec::title);
    media.filter(|title| !others.contains(title)).collect()
}

fn bundle(description: &ParsedDescription) -> &[String] {
    let mut attributes = description
        .lines
        .iter()
        .filter_map(|line| line.field.attribute());
    let found = attributes.find_map(|attribute| match attribute {
        Attribute::Group { semantics, mids } if semantics == "BUNDLE" => Some(mids.as_slice()),
        _ => None,
    });
    found.unwrap_or_default()
}

fn plural(count: usize, word: &str) -> String {
    format!("{word}{}", if count == 1 { "" } else { "s" })
}

/// What counts for the transport, wherever it stands first.
#[derive(Default)]
struct Facts<'a> {
    ufrag: Option<&'a str>,
    fingerprint: Option<&'a str>,
    setup: Option<&'a str>,
    candidates: HashSet<(&'a str, u16)>,
}

impl<'a> Facts<'a> {
    fn of(description: &'a ParsedDescription) -> Self {
        let mut facts = Self::default();
        for attribute in description
            .all_lines()
            .filter_map(|line| line.field.attribute())
        {
            match attribute {
                Attribute::IceUfrag(ufrag) => facts.ufrag = facts.ufrag.or(Some(ufrag)),
                Attribute::Fingerprint { value, .. } => {
                    facts.fingerprint = facts.fingerprint.or(Some(value))
                }
                Attribute::Setup(setup) => facts.setup = facts.setup.or(Some(setup)),
                Attribute::Candidate(candidate) => {
                    facts
                        .candidates
                        .insert((&candidate.address, candidate.port));
                }
                _ => {}
            }
        }
        facts
    }
}
