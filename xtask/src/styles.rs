//! One style sheet for the bundle: a page waits for each that it names.

use std::{fs, path::Path};

use crate::{
    error::{Context, Result},
    freshness::hash,
};

/// Joins style sheets in this order; the name of the one in the bundle.
pub(crate) fn join(files: &[&str], dist: &Path) -> Result<String> {
    let mut css = String::new();
    for file in files {
        css.push_str(&fs::read_to_string(file).context(file)?);
        css.push('\n');
    }
    let name = format!("style-{}.css", hash(&css));
    fs::write(dist.join(&name), css).context(&name)?;
    Ok(name)
}
