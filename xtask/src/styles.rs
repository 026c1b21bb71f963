//! One style sheet for the bundle: a page waits for each that it names.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use crate::error::{Context, Error, Result};

const TAG: &str = "<link rel=\"stylesheet\" href=\"";

/// Joins the style sheets of the bundle's page, in their order.
pub(crate) fn join(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).context("index.html")?;
    let mut css = String::new();
    for name in names(&html) {
        let file = dist.join(name);
        css.push_str(&fs::read_to_string(&file).context(file.display())?);
        css.push('\n');
        fs::remove_file(&file).context(file.display())?;
    }
    let mut hasher = DefaultHasher::new();
    css.hash(&mut hasher);
    let name = format!("style-{:016x}.css", hasher.finish());
    let html = with_one(&html, &name)
        .ok_or_else(|| Error::new("index.html names no style sheets, or not side by side"))?;
    fs::write(dist.join(&name), css).context(&name)?;
    fs::write(&page, html).context("index.html")
}

/// The files, without the path to the bundle.
fn names(html: &str) -> impl Iterator<Item = &str> {
    hrefs(html).map(|href| href.rsplit('/').next().unwrap_or(href))
}

fn hrefs(html: &str) -> impl Iterator<Item = &str> {
    let tags = html.split(TAG).skip(1);
    tags.filter_map(|rest| Some(rest.split_once('"')?.0))
}

/// The page with one style sheet in the place of all; `None` where other things lie between them,
/// which then could be meant for one and not for another.
fn with_one(html: &str, name: &str) -> Option<String> {
    let first = hrefs(html).next()?;
    let start = html.find(TAG)?;
    let last = html.rfind(TAG)?;
    let end = last + html[last..].find('>')? + 1;
    let tags = html[start..end].split('>').filter(|tag| !tag.is_empty());
    if tags
        .into_iter()
        .any(|tag| !tag.trim_start().starts_with(TAG))
    {
        return None;
    }
    let base = &first[..first.len() - first.rsplit('/').next()?.len()];
    Some(format!(
        "{}{TAG}{base}{name}\"/>{}",
        &html[..start],
        &html[end..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<head><link rel=\"stylesheet\" href=\"/on/a-1.css\"/>
    <link rel=\"stylesheet\" href=\"/on/b-2.css\"/><script>";

    #[test]
    fn one_takes_the_place_of_all() {
        assert_eq!(names(HTML).collect::<Vec<_>>(), ["a-1.css", "b-2.css"]);
        assert_eq!(
            with_one(HTML, "style-3.css").unwrap(),
            "<head><link rel=\"stylesheet\" href=\"/on/style-3.css\"/><script>"
        );
    }

    #[test]
    fn what_lies_between_style_sheets_is_not_lost() {
        assert_eq!(with_one("<head></head>", "s.css"), None);
        let between = HTML.replace("\n", "<script></script>");
        assert_eq!(with_one(&between, "s.css"), None);
    }
}
