//! Style sheets of the bundle: one file, since a page waits for each that it names, and what pages have in
//! themselves.

use std::{fs, path::Path};

use crate::{
    error::{Context, Result},
    freshness::hash,
};

/// Joins style sheets in this order; the name of the one in the bundle.
pub(crate) fn join(files: &[&str], dist: &Path) -> Result<String> {
    let mut css = String::new();
    for file in files {
        css.push_str(&squeezed(&fs::read_to_string(file).context(file)?));
    }
    let name = format!("style-{}.css", hash(&css));
    fs::write(dist.join(&name), css).context(&name)?;
    Ok(name)
}

/// Without comments and indentation.
pub(crate) fn squeezed(css: &str) -> String {
    let mut plain = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let lines = plain.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_authors_need_goes() {
        let css = "/* Why. */\n@layer a, b;\n\na > b,\nc {\n  color: red; /* So. */\n  \
                   content: \": \";\n}\n/* end */";
        assert_eq!(
            squeezed(css),
            "@layer a, b;\na > b,\nc {\ncolor: red;\ncontent: \": \";\n}\n"
        );
    }
}
