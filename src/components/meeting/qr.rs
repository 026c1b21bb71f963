//! An address as a QR code (ISO/IEC 18004), to be drawn as one path. Pure.

use fast_qr::{ECL, QRBuilder};

/// So many light modules around the code are part of it.
pub(super) const QUIET_ZONE: usize = 4;

/// A square of modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct QrCode {
    /// Modules along one side, the quiet zone included.
    pub(super) size: usize,
    /// The dark modules, as the `d` of an SVG path; a module is one unit.
    pub(super) path: String,
}

/// `None` for a text that is too long for any code.
pub(super) fn encode(text: &str) -> Option<QrCode> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            let begin = x;
            while x < code.size && row[x].value() {
                x += 1;
            }
            if x > begin {
                // A run of dark modules: over, along, down, back.
                let (left, top, width) = (begin + QUIET_ZONE, y + QUIET_ZONE, x - begin);
                path += &format!("M{left} {top}h{width}v1h-{width}z");
            } else {
                x += 1;
            }
        }
    }
    Some(QrCode {
        size: code.size + 2 * QUIET_ZONE,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_has_the_smallest_code_with_its_corner_marks() {
        let code = encode("a").unwrap();
        assert_eq!(code.size, 21 + 8);
        // Upper edges of the two upper position marks, lower edge of the lower one.
        for run in ["M4 4h7v1h-7z", "M18 4h7v1h-7z", "M4 24h7v1h-7z"] {
            assert!(code.path.contains(run), "{run} in {}", code.path);
        }
    }

    #[test]
    fn an_invitation_fits_and_what_does_not_fit_is_no_panic() {
        let link = format!("https://example.org/mesh/{}", "%C3%A4".repeat(64));
        assert!(encode(&link).is_some());
        assert!(encode("").is_some());
        assert_eq!(encode(&"x".repeat(8000)), None);
    }
}
