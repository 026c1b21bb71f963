//! Styles that a page has of its own. Pure.

use std::fmt::Write;

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
    fn wider_windows_have_their_own_height() {
        assert_eq!(
            demo_place(&[(0, 900), (768, 700)]),
            "@media not (scripting:none){.demo-place{block-size:900px}\
             @media(width>=768px){.demo-place{block-size:700px}}}"
        );
        assert_eq!(demo_place(&[]), "");
    }
}
