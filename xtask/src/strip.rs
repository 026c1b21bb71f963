//! Removes from the wasm files what only tools read, above all the names of all functions.
//!
//! Not left to the linker, because the tools that come after it need them.

use std::{fs, path::Path};

use crate::{
    error::{Context, Error, Result},
    freshness::collect,
};

/// The magic number and the version:
/// <https://webassembly.github.io/spec/core/binary/modules.html#binary-module>
const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM_SECTION: u8 = 0;

pub(crate) fn strip(dist: &Path) -> Result<()> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.retain(|file| file.extension().is_some_and(|is| is == "wasm"));
    for file in files {
        let module = fs::read(&file).context(file.display())?;
        let stripped = without_custom_sections(&module)
            .ok_or_else(|| Error::new(format!("{} is not wasm", file.display())))?;
        fs::write(&file, stripped).context(file.display())?;
    }
    Ok(())
}

/// `None` if this is no module.
fn without_custom_sections(module: &[u8]) -> Option<Vec<u8>> {
    let mut rest = module.strip_prefix(PREAMBLE)?;
    let mut stripped = PREAMBLE.to_vec();
    while let [id, sized @ ..] = rest {
        let (length, size) = read_unsigned(sized)?;
        let (section, next) = rest.split_at_checked((1 + length).checked_add(size)?)?;
        if *id != CUSTOM_SECTION {
            stripped.extend(section);
        }
        rest = next;
    }
    Some(stripped)
}

/// How many bytes a number in LEB128 takes, and the number, of at most 32 bits.
fn read_unsigned(bytes: &[u8]) -> Option<(usize, usize)> {
    let length = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)? + 1;
    let digits = bytes[..length].iter().rev();
    let value = digits.fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f));
    Some((length, value.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(sections: &[&[u8]]) -> Vec<u8> {
        [PREAMBLE, &sections.concat()].concat()
    }

    #[test]
    fn custom_sections_go_and_others_stay() {
        let (name, types) = (&[0, 6, 4, b'n', b'a', b'm', b'e', 0][..], &[1, 1, 0][..]);
        // The size in more bytes than it needs, as linkers write it.
        let code = &[10, 0x82, 0x80, 0x80, 0x80, 0, 1, 2][..];
        let stripped = without_custom_sections(&module(&[name, types, name, code])).unwrap();
        assert_eq!(stripped, module(&[types, code]));
    }

    #[test]
    fn what_is_cut_off_or_no_module_is_refused() {
        assert_eq!(without_custom_sections(&module(&[&[1, 2, 0]])), None);
        assert_eq!(without_custom_sections(&module(&[&[1, 0x80]])), None);
        assert_eq!(without_custom_sections(b"<!doctype html>"), None);
    }

    #[test]
    fn numbers_are_read() {
        assert_eq!(read_unsigned(&[0x7f, 9]), Some((1, 127)));
        assert_eq!(read_unsigned(&[0xe5, 0x8e, 0x26]), Some((3, 624_485)));
        assert_eq!(read_unsigned(&[0x80; 6]), None);
    }
}
