//! Where an exported item is in a module of JavaScript.
//!
//! Not a parser: it relies on how the tour's modules are formatted. What is exported begins at the
//! start of a line, and so does its closing brace.

use super::Lines;

/// What a module exports, in its order.
pub(super) fn exports(text: &str) -> Vec<&str> {
    text.lines().filter_map(exported).collect()
}

/// All exports of this name, with the comment before each.
pub(super) fn find(text: &str, name: &str) -> Vec<Lines> {
    let lines: Vec<_> = text.lines().collect();
    let named = (0..lines.len()).filter(|at| exported(lines[*at]) == Some(name));
    named
        .map(|at| {
            let is_comment = |line: &&&str| line.starts_with("//") || is_in_block(line);
            let comment = lines[..at].iter().rev().take_while(is_comment).count();
            let ends = |line: &&str| line.starts_with(['}', ']', ')']);
            let length = match lines[at].ends_with(';') {
                true => 0,
                false => lines[at..].iter().position(ends).unwrap_or_default(),
            };
            Lines {
                first: at + 1 - comment,
                last: at + 1 + length,
            }
        })
        .collect()
}

fn is_in_block(line: &str) -> bool {
    line.starts_with("/*") || line.starts_with(" *")
}

fn exported(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("export ")?;
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    let rest = ["function ", "function* ", "const ", "class "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
    Some(&rest[..end.unwrap_or(rest.len())])
}
