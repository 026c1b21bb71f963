//! The key that signs tokens, in a file that only the server's user may read.

use std::io;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::token::KEY_BYTES;
use crate::{Error, files};

/// The key in there, or a new one that is there from now on.
pub(super) fn open(file: &Path) -> Result<[u8; KEY_BYTES], Error> {
    match std::fs::read_to_string(file) {
        Ok(text) => parse(&text).ok_or_else(|| {
            let what = "is no key for tokens: remove it, and everybody signs in again";
            Error::Configuration(format!("{} {what}", file.display()))
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key: [u8; KEY_BYTES] = rand::random();
            let text = format!("{}\n", URL_SAFE_NO_PAD.encode(key));
            files::replace(file, &text, true).map_err(|error| Error::Write {
                path: file.to_owned(),
                error,
            })?;
            Ok(key)
        }
        Err(error) => Err(Error::Read {
            path: file.to_owned(),
            error,
        }),
    }
}

fn parse(text: &str) -> Option<[u8; KEY_BYTES]> {
    let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok()?;
    bytes.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_what_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        let key = open(&file).unwrap();
        assert_eq!(open(&file).unwrap(), key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_no_key_is_not_overwritten() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("key");
        std::fs::write(&file, "something else").unwrap();
        let error = open(&file).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("remove it"), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "something else");
    }

    #[test]
    fn a_place_that_is_not_there_is_named() {
        let error = open(Path::new("no/such/directory/key")).unwrap_err();
        assert!(
            error.to_string().contains("no/such/directory/key"),
            "{error}"
        );
    }
}
