//! axe-core, which looks for what keeps people from using a page: <https://github.com/dequelabs/axe-core>.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Context, Error, Result},
    process::{self, command, say},
    python, tools,
};

const VERSION: &str = "4.14.1";

/// As npm states it for that version's package.
const SHA_512: &str =
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==";

/// Python's library has all that is needed, and its tests need Python anyway.
const DOWNLOAD: &str = r#"
import base64, hashlib, io, sys, tarfile, urllib.request
url, expected, member, to = sys.argv[1:]
with urllib.request.urlopen(url, timeout=60) as answer:
    package = answer.read()
found = base64.b64encode(hashlib.sha512(package).digest()).decode()
if found != expected:
    sys.exit(f"{url} is not the package it should be: its SHA-512 is {found}")
with tarfile.open(fileobj=io.BytesIO(package)) as archive, open(to, "wb") as file:
    file.write(archive.extractfile(member).read())
"#;

/// The script, which is downloaded once for all clones of a machine.
pub(crate) fn set_up() -> Result<PathBuf> {
    let script = tools::cache().join(format!("axe-core-{VERSION}.js"));
    if script.is_file() {
        return Ok(script);
    }
    say(format!(
        "downloading axe-core {VERSION} from npm (once per machine)"
    ));
    // Whatever is there under its name is whole, whoever else downloads it at the same time.
    let new = script.with_extension(format!("{}.new", std::process::id()));
    let downloaded = download(&new).and_then(|()| {
        fs::rename(&new, &script).context(format!("{} cannot be renamed", new.display()))
    });
    if downloaded.is_err() {
        // What cannot be removed is only in nobody's way.
        let _ = fs::remove_file(&new);
    }
    downloaded?;
    Ok(script)
}

fn download(to: &Path) -> Result<()> {
    let directory = to
        .parent()
        .ok_or_else(|| Error::new("there is no cache directory"))?;
    fs::create_dir_all(directory).context("the cache directory cannot be made")?;
    let (system, _) = python::find()?;
    let mut download = command(system);
    download.args(["-c", DOWNLOAD]);
    download.arg(format!(
        "https://registry.npmjs.org/axe-core/-/axe-core-{VERSION}.tgz"
    ));
    download.args([SHA_512, "package/axe.min.js"]).arg(to);
    process::run(&mut download)
}
