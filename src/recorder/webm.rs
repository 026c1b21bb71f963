//! The length of a recording, written into its file: browsers write it as it runs, and so cannot know it.
//! Without it, players show no length and do not let one skip.
//! <https://www.rfc-editor.org/rfc/rfc8794>, <https://www.rfc-editor.org/rfc/rfc9559>

const EBML: u32 = 0x1A45_DFA3;
const SEGMENT: u32 = 0x1853_8067;
/// Where other elements are, as offsets, which would be wrong once anything before them grows.
const SEEK_HEAD: u32 = 0x114D_9B74;
const INFO: u32 = 0x1549_A966;
const TIMESTAMP_SCALE: u32 = 0x2A_D7B1;
const DURATION: u32 = 0x4489;

/// Nanoseconds, where the file says nothing else.
const USUAL_SCALE: f64 = 1e6;

/// A beginning for the file that says how long it is, and how many bytes it takes the place of. `None`
/// where `beginning` is not that of a WebM file without a length, or ends too early.
pub(crate) fn with_duration(beginning: &[u8], length_ms: f64) -> Option<(Vec<u8>, usize)> {
    let ebml = Element::read(beginning, 0)?;
    let segment = Element::read(beginning, ebml.end()?)?;
    // A segment of known size would have to grow.
    if ebml.id != EBML || segment.id != SEGMENT || segment.size.is_some() {
        return None;
    }
    let mut info = Element::read(beginning, segment.content)?;
    while info.id != INFO {
        // Firefox writes one that has nothing in it.
        if info.id == SEEK_HEAD && info.size != Some(0) {
            return None;
        }
        info = Element::read(beginning, info.end()?)?;
    }
    let end = info.end()?;
    let content = beginning.get(info.content..end)?;
    let mut scale = USUAL_SCALE;
    let mut kept = Vec::<u8>::new();
    let mut at = 0;
    while at < content.len() {
        let child = Element::read(content, at)?;
        let (start, end) = (at, child.end()?);
        let value = content.get(child.content..end)?;
        at = end;
        match child.id {
            // Nor does it know the length.
            DURATION if value.iter().all(|byte| *byte == 0) => continue,
            DURATION => return None,
            TIMESTAMP_SCALE => {
                let number = value
                    .iter()
                    .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                scale = number as f64;
            }
            _ => {}
        }
        kept.extend(content.get(start..end)?);
    }
    if scale <= 0.0 || !length_ms.is_finite() {
        return None;
    }
    let duration = length_ms * 1e6 / scale;
    let size = kept.len() as u64 + 11;
    let mut new = beginning.get(..info.start)?.to_vec();
    new.extend(INFO.to_be_bytes());
    // A size of eight bytes, of which the first only says that.
    new.push(0x01);
    new.extend(&size.to_be_bytes()[1..]);
    new.extend(kept);
    new.extend([0x44, 0x89, 0x88]);
    new.extend(duration.to_be_bytes());
    Some((new, end))
}

struct Element {
    id: u32,
    start: usize,
    /// Where its content begins.
    content: usize,
    /// Of the content; `None` where it goes on until something else begins.
    size: Option<usize>,
}

impl Element {
    fn read(bytes: &[u8], start: usize) -> Option<Self> {
        let (id, after_id) = number(bytes, start, 4, false)?;
        let (size, content) = number(bytes, after_id, 8, true)?;
        let length = content - after_id;
        let unknown = (1_u64 << (7 * length)) - 1;
        let size = match size == unknown {
            true => None,
            false => Some(usize::try_from(size).ok()?),
        };
        Some(Self {
            id: u32::try_from(id).ok()?,
            start,
            content,
            size,
        })
    }

    fn end(&self) -> Option<usize> {
        self.content.checked_add(self.size?)
    }
}

/// A number whose length is how many zeros it begins with, and where it ends. An id keeps the bit that
/// ends those, a size does not.
fn number(bytes: &[u8], start: usize, most: usize, is_size: bool) -> Option<(u64, usize)> {
    let first = *bytes.get(start)?;
    let length = first.leading_zeros() as usize + 1;
    if length > most {
        return None;
    }
    let end = start.checked_add(length)?;
    let first = match is_size {
        true => u64::from(first) & ((1 << (8 - length)) - 1),
        false => u64::from(first),
    };
    let rest = bytes.get(start + 1..end)?;
    let value = rest
        .iter()
        .fold(first, |sum, byte| sum << 8 | u64::from(*byte));
    Some((value, end))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// As browsers write it: a segment without end, a scale of a millisecond.
    const BEGINNING: [u8; 37] = [
        0x1A, 0x45, 0xDF, 0xA3, 0x84, 0x42, 0x86, 0x81, 0x01, // EBML, version 1
        0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, // Segment
        0x15, 0x49, 0xA9, 0x66, 0x87, 0x2A, 0xD7, 0xB1, 0x83, 0x0F, 0x42, 0x40, // Info
        0x16, 0x54, 0xAE, 0x6B, // Tracks
    ];

    #[test]
    fn the_length_is_behind_what_the_info_had() {
        let (new, replaced) = with_duration(&BEGINNING, 2_500.0).unwrap();
        assert_eq!(replaced, 33);
        assert_eq!(new[..21], BEGINNING[..21]);
        let info = [0x15, 0x49, 0xA9, 0x66, 0x01, 0, 0, 0, 0, 0, 0, 18];
        assert_eq!(new[21..33], info);
        assert_eq!(new[33..40], BEGINNING[26..33]);
        assert_eq!(new[40..43], [0x44, 0x89, 0x88]);
        assert_eq!(new[43..], 2_500.0_f64.to_be_bytes());
    }

    #[test]
    fn a_file_that_has_its_length_is_left_alone() {
        let (mut new, replaced) = with_duration(&BEGINNING, 2_500.0).unwrap();
        new.extend(&BEGINNING[replaced..]);
        assert_eq!(with_duration(&new, 1.0), None);
    }

    #[test]
    fn what_has_offsets_is_left_alone() {
        let mut seeking = BEGINNING[..21].to_vec();
        seeking.extend([0x11, 0x4D, 0x9B, 0x74, 0x81, 0x00]);
        seeking.extend(&BEGINNING[21..]);
        assert_eq!(with_duration(&seeking, 1.0), None);
    }

    /// As Firefox writes it: a place for offsets, empty, and a length of nothing.
    #[test]
    fn a_length_of_nothing_is_replaced() {
        let mut firefox = BEGINNING[..21].to_vec();
        firefox.extend([0x11, 0x4D, 0x9B, 0x74, 0x01, 0, 0, 0, 0, 0, 0, 0]);
        firefox.extend([0x15, 0x49, 0xA9, 0x66, 0x01, 0, 0, 0, 0, 0, 0, 18]);
        firefox.extend(&BEGINNING[26..33]);
        firefox.extend([0x44, 0x89, 0x88, 0, 0, 0, 0, 0, 0, 0, 0]);
        firefox.extend(&BEGINNING[33..]);
        let (new, replaced) = with_duration(&firefox, 2_500.0).unwrap();
        assert_eq!(firefox[replaced..], BEGINNING[33..]);
        let (plain, _) = with_duration(&BEGINNING, 2_500.0).unwrap();
        assert_eq!(new[33..], plain[21..]);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            with_duration(&bytes, 1.0);
        }

        #[test]
        fn no_change_is_too_strange(at in 0_usize..37, byte in any::<u8>(), end in 0_usize..=37) {
            let mut bytes = BEGINNING;
            bytes[at] = byte;
            with_duration(&bytes[..end], 1.0);
        }
    }
}
