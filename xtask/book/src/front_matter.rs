//! The lines at the top of a text.

use crate::Error;

pub struct FrontMatter {
    /// The page's heading.
    pub title: String,
    /// One sentence for the overview, and for those who found the page by a search.
    pub summary: String,
    /// What the page is about, in one or two sentences.
    pub lead: String,
    /// From which width of the window on the demo takes which height, in CSS pixels, the narrowest
    /// first: so much room is left for it before it is there. Empty where there is no demo.
    pub demo_heights: Vec<(u32, u32)>,
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
        let mut front = Self {
            title: value("title")?,
            summary: value("summary")?,
            lead: value("lead")?,
            demo_heights: Vec::new(),
        };
        let mut known = 3;
        if let Ok(text) = value("demo-heights") {
            known += 1;
            front.demo_heights = heights(&text)
                .ok_or_else(|| wrong(format!("demo-heights are no widths and heights: {text}")))?;
        }
        if lines.lines().count() != known {
            let what = "the front matter has more than title, summary, lead and demo-heights";
            return Err(wrong(what.to_owned()));
        }
        Ok((front, rest))
    }
}

/// `0: 900, 768: 700`: from 0 on 900, from 768 on 700.
fn heights(text: &str) -> Option<Vec<(u32, u32)>> {
    let pairs = text.split(',').map(|pair| {
        let (width, height) = pair.split_once(':')?;
        Some((width.trim().parse().ok()?, height.trim().parse().ok()?))
    });
    let pairs: Vec<_> = pairs.collect::<Option<_>>()?;
    let begins_at_zero = pairs.first().is_some_and(|(width, _)| *width == 0);
    (begins_at_zero && pairs.is_sorted_by_key(|(width, _)| *width)).then_some(pairs)
}
