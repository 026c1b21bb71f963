//! The style sheet within a page. Pure.

use std::fmt::Write;

/// Without comments, and with one space wherever there were several: a page is sent each time.
pub(crate) fn squeezed(css: &str) -> String {
    let mut squeezed = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        squeezed.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    squeezed.push_str(rest);
    let words: Vec<_> = squeezed.split_whitespace().collect();
    let mut css = words.join(" ");
    for mark in ["{", "}", ";", ","] {
        css = css
            .replace(&format!(" {mark}"), mark)
            .replace(&format!("{mark} "), mark);
    }
    css.replace(": ", ":").replace(";}", "}")
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
        let css = "/* Why. */\n@layer a, b;\n\na > b,\nc :is(d, e) {\n  color: red;\n  \
                   font: 1rem / 2 x;\n}\n/* end */";
        assert_eq!(
            squeezed(css),
            "@layer a,b;a > b,c :is(d,e){color:red;font:1rem / 2 x}"
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
