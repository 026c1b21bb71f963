//! A certificate for this machine, made on first use and kept, so that a device has to accept
//! it once only.
//!
//! It is made anew when it runs out or when the machine has an address or a name that is not in
//! it. Three files: the certificate, the key (for the owner's eyes only) and what they are for.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;

use super::from_files;
use crate::http::network;
use crate::{Error, files};

const CERT: &str = "cert.pem";
const KEY: &str = "key.pem";
const ABOUT: &str = "about.json";

/// Below the 398 days that browsers allow a certificate to live.
const LIFETIME: Duration = Duration::days(365);

/// A certificate is remade when it would run out within this time.
const MARGIN: Duration = Duration::days(1);

/// What a kept certificate is for.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    names: BTreeSet<String>,
    /// Seconds since 1970.
    not_after: i64,
}

/// An acceptor with the certificate kept in `directory`, made if need be.
pub(super) fn acceptor(directory: &Path) -> Result<TlsAcceptor, Error> {
    acceptor_for(&names(), directory, OffsetDateTime::now_utc())
}

fn acceptor_for(
    names: &BTreeSet<String>,
    directory: &Path,
    now: OffsetDateTime,
) -> Result<TlsAcceptor, Error> {
    let load = || from_files(&directory.join(CERT), &directory.join(KEY));
    if is_good(directory, names, now)
        && let Ok(acceptor) = load()
    {
        return Ok(acceptor);
    }
    tracing::info!(directory = %directory.display(), "making a self-signed certificate");
    make(names, directory, now)?;
    load()
}

/// Everything by which this machine may be addressed.
fn names() -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["localhost", "127.0.0.1", "::1"]
        .into_iter()
        .map(str::to_owned)
        .collect();
    names.extend(network::own_addresses().iter().map(ToString::to_string));
    let host = gethostname::gethostname()
        .to_string_lossy()
        .to_ascii_lowercase();
    if is_host_name(&host) {
        // Bonjour and Avahi announce the first label under `.local`.
        let label = host.split('.').next().unwrap_or(&host);
        names.insert(format!("{label}.local"));
        names.insert(host);
    }
    names
}

fn is_host_name(name: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    !name.is_empty() && name.len() <= 200 && name.chars().all(good)
}

fn is_good(directory: &Path, names: &BTreeSet<String>, now: OffsetDateTime) -> bool {
    let about = fs::read(directory.join(ABOUT)).unwrap_or_default();
    let Ok(about) = serde_json::from_slice::<About>(&about) else {
        return false;
    };
    about.not_after > (now + MARGIN).unix_timestamp() && names.is_subset(&about.names)
}

fn make(names: &BTreeSet<String>, directory: &Path, now: OffsetDateTime) -> Result<(), Error> {
    let mut params = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>())?;
    // Clocks of phones differ.
    params.not_before = now - Duration::days(1);
    params.not_after = now + LIFETIME;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "WebRTC Tour (self-signed)");
    let key = KeyPair::generate()?;
    let cert = params.self_signed(&key)?;
    let about = About {
        names: names.clone(),
        not_after: params.not_after.unix_timestamp(),
    };

    let written = |path: &Path, error| Error::Write {
        path: path.to_owned(),
        error,
    };
    fs::create_dir_all(directory).map_err(|error| written(directory, error))?;
    // What they are for comes last: until it is there, or if the rest does not fit together,
    // the next start makes all anew.
    let about = serde_json::to_string(&about).map_err(io::Error::from)?;
    for (name, text, secret) in [
        (KEY, key.serialize_pem(), true),
        (CERT, cert.pem(), false),
        (ABOUT, about, false),
    ] {
        let path = directory.join(name);
        files::replace(&path, &text, secret).map_err(|error| written(&path, error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> BTreeSet<String> {
        list.iter().map(|&name| name.to_owned()).collect()
    }

    fn cert(directory: &Path) -> Vec<u8> {
        fs::read(directory.join(CERT)).unwrap()
    }

    fn start() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap()
    }

    #[test]
    fn it_is_made_once_and_kept() {
        let directory = tempfile::tempdir().unwrap();
        let directory = directory.path().join("new/one");
        let names = names(&["localhost", "::1", "192.0.2.1"]);
        acceptor_for(&names, &directory, start()).unwrap();
        let first = cert(&directory);
        acceptor_for(&names, &directory, start() + Duration::days(300)).unwrap();
        assert_eq!(cert(&directory), first);
    }

    #[cfg(unix)]
    #[test]
    fn the_key_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        acceptor_for(&names(&["localhost"]), directory.path(), start()).unwrap();
        let mode = fs::metadata(directory.path().join(KEY))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn it_is_remade_before_it_runs_out() {
        let directory = tempfile::tempdir().unwrap();
        let names = names(&["localhost"]);
        acceptor_for(&names, directory.path(), start()).unwrap();
        let first = cert(directory.path());
        acceptor_for(&names, directory.path(), start() + Duration::days(364)).unwrap();
        assert_ne!(cert(directory.path()), first);
    }

    #[test]
    fn it_is_remade_for_a_new_address() {
        let directory = tempfile::tempdir().unwrap();
        acceptor_for(
            &names(&["localhost", "192.0.2.1"]),
            directory.path(),
            start(),
        )
        .unwrap();
        let first = cert(directory.path());
        acceptor_for(
            &names(&["localhost", "192.0.2.2"]),
            directory.path(),
            start(),
        )
        .unwrap();
        assert_ne!(cert(directory.path()), first);
    }

    #[test]
    fn a_damaged_one_is_remade() {
        let directory = tempfile::tempdir().unwrap();
        let names = names(&["localhost"]);
        for file in [CERT, KEY, ABOUT] {
            acceptor_for(&names, directory.path(), start()).unwrap();
            fs::write(directory.path().join(file), "nonsense").unwrap();
            acceptor_for(&names, directory.path(), start()).unwrap();
        }
    }

    #[test]
    fn this_machine_has_names() {
        let names = super::names();
        assert!(names.contains("localhost") && names.contains("127.0.0.1"));
        assert!(CertificateParams::new(names.into_iter().collect::<Vec<_>>()).is_ok());
    }
}
