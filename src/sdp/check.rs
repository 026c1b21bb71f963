//! What is wrong with a description: lines that cannot be read, and lines that do not go together.

use std::collections::HashSet;

use super::attribute::Attribute;
use super::description::{Line, ParsedDescription, Problem, Section};
use super::field::Field;

impl ParsedDescription {
    /// What is wrong, by line: with each line alone, and with the lines together.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let malformed = self.all_lines().filter_map(|line| match &line.field {
            Field::Malformed(why) => Some(problem(line, why)),
            _ => None,
        });
        let mut problems: Vec<_> = malformed.collect();
        check_beginning(self, &mut problems);
        check_mids(self, &mut problems);
        for section in &self.sections {
            check_formats(section, &mut problems);
        }
        problems.sort_by_key(|problem| problem.line);
        problems
    }
}

fn problem(line: &Line, text: impl Into<String>) -> Problem {
    Problem {
        line: line.number,
        text: text.into(),
    }
}

/// RFC 8866, section 5: `v=`, `o=`, `s=` and `t=` have to be there, `v=` first.
fn check_beginning(description: &ParsedDescription, problems: &mut Vec<Problem>) {
    let Some(first) = description.all_lines().next() else {
        return;
    };
    if !matches!(&first.field, Field::Version(_)) {
        problems.push(problem(first, "A description begins with “v=0”."));
    }
    for letter in ["o=", "s=", "t="] {
        if !description
            .lines
            .iter()
            .any(|line| line.text.starts_with(letter))
        {
            let text = format!("The part before the first m= has no line with “{letter}”.");
            problems.push(problem(first, text));
        }
    }
}

/// Each mid names one section, and a group names mids that are there (RFC 5888, sections 4, 5).
fn check_mids(description: &ParsedDescription, problems: &mut Vec<Problem>) {
    let mut mids = HashSet::new();
    for line in description
        .sections
        .iter()
        .flat_map(|section| &section.lines)
    {
        if let Some(Attribute::Mid(mid)) = line.field.attribute()
            && !mids.insert(mid.as_str())
        {
            problems.push(problem(line, format!("Two sections are called “{mid}”.")));
        }
    }
    for line in &description.lines {
        if let Some(Attribute::Group { mids: grouped, .. }) = line.field.attribute() {
            for mid in grouped.iter().filter(|mid| !mids.contains(mid.as_str())) {
                let text = format!("This group names “{mid}”, but no section is called so.");
                problems.push(problem(line, text));
            }
        }
    }
}

/// What is said about a payload type is about one that the section offers.
fn check_formats(section: &Section, problems: &mut Vec<Problem>) {
    let Some(media) = section.media() else {
        return;
    };
    let offered: HashSet<&str> = media.formats.iter().map(String::as_str).collect();
    for line in &section.lines {
        let payload = match line.field.attribute() {
            Some(Attribute::Rtpmap { payload, .. }) => payload.to_string(),
            Some(Attribute::RtcpFb { payload, .. }) if payload != "*" => payload.clone(),
            Some(Attribute::Fmtp { format, .. }) => format.clone(),
            _ => continue,
        };
        if !offered.contains(payload.as_str()) {
            let text = format!(
                "The m= line of this section does not name {payload}, so this line has no effect."
            );
            problems.push(problem(line, text));
        }
    }
}
