//! The style sheet within a page. Pure.

use std::fmt::Write;

/// Without comments and indentation: a page is sent each time.
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

/// Room for a demo, of the heights that the text gives.
pub(crate) fn demo_place(heights: &[(u32, u32)]) -> String {
    let mut css = String::new();
    for (width, height) in heights {
        // Writing to a string cannot fail.
        let _ = match width {
            0 => write!(css, ".demo-place{{block-size:{height}px}}"),
            _ => write!(
                css,
                "@media(width>={width}px){{.demo-place{{block-size:{height}px}}}}"
            ),
        };
    }
    if css.is_empty() {
        return css;
    }
    format!("@media not (scripting:none){{{css}}}")
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

    #[test]
    fn wider_windows_have_their_own_height() {
        assert_eq!(
            demo_place(&[(0, 900), (768, 700)]),
            "@media not (scripting:none){.demo-place{block-size:900px}\
             @media(width>=768px){.demo-place{block-size:700px}}}"
        );
        assert_eq!(demo_place(&[]), "");
    }
}
