//! The three lines at the top of a text.

use crate::Error;

pub struct FrontMatter {
    /// The page's heading.
    pub title: String,
    /// One sentence for the overview.
    pub summary: String,
    /// What the page is about, in one or two sentences.
    pub lead: String,
}

impl FrontMatter {
    /// Takes it off the text, whose rest is given back.
    pub(crate) fn split<'a>(file: &str, text: &'a str) -> Result<(Self, &'a str), Error> {
        let wrong = |what: String| Error::text(file, what);
        let inner = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"));
        let Some((lines, rest)) = inner else {
            return Err(wrong(
                "begins with no front matter between lines of ---".to_owned(),
            ));
        };
        let value = |key: &str| {
            lines
                .lines()
                .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))
                .map(|value| value.trim().to_owned())
                .ok_or_else(|| wrong(format!("the front matter has no {key}")))
        };
        let front = Self {
            title: value("title")?,
            summary: value("summary")?,
            lead: value("lead")?,
        };
        if lines.lines().count() != 3 {
            return Err(wrong(
                "the front matter has more than its three lines".to_owned(),
            ));
        }
        Ok((front, rest))
    }
}
