//! What only the operating system can provide: browsers.

use std::{fs, process::Command};

use crate::{
    error::{Error, Result},
    process::{self, command, say},
};

/// Whose packages there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Os {
    Debian,
    /// Its browsers are snaps, which WebDriver cannot start with a profile of its own.
    Ubuntu,
    Mac,
    Other,
}

impl Os {
    pub(crate) fn detect() -> Self {
        if cfg!(target_os = "macos") {
            return Self::Mac;
        }
        let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
        Self::from_os_release(&text)
    }

    /// <https://www.freedesktop.org/software/systemd/man/latest/os-release.html>
    fn from_os_release(text: &str) -> Self {
        let value = |key: &str| {
            let mut lines = text.lines();
            let found = lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            found.unwrap_or_default().trim_matches(['"', '\''])
        };
        let like: Vec<_> = value("ID_LIKE").split_whitespace().collect();
        match value("ID") {
            "ubuntu" => Self::Ubuntu,
            "debian" => Self::Debian,
            // Mint, Pop!_OS.
            _ if like.contains(&"ubuntu") => Self::Ubuntu,
            _ if like.contains(&"debian") => Self::Debian,
            _ => Self::Other,
        }
    }

    fn has_apt(self) -> bool {
        matches!(self, Self::Debian | Self::Ubuntu)
    }
}

/// Installs Debian packages, if this is Debian and we may.
pub(crate) fn apt_install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if !Os::detect().has_apt() {
        return Err(Error::new("this is not a Debian system"));
    }
    let Some(sudo) = as_root() else {
        let text = format!("as root, type: {by_hand}");
        return Err(Error::new(text));
    };
    let apt = |arguments: &[&str]| {
        let mut words = sudo.iter().chain(&["apt-get"]).chain(arguments).copied();
        let mut command = command(words.next().unwrap_or("apt-get"));
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    say(&by_hand);
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    // Lists of packages may be missing (a fresh container) or list outdated browsers.
    let updated = process::run(&mut apt(&["update"]));
    process::run(&mut apt(&arguments)).or_else(|error| updated.and(Err(error)))
}

/// What to put before a command that needs root; `None` if we cannot be root without asking.
fn as_root() -> Option<&'static [&'static str]> {
    if process::output(Command::new("id").arg("-u")).as_deref() == Some("0") {
        return Some(&[]);
    }
    process::output(Command::new("sudo").args(["-n", "true"]))?;
    Some(&["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_ubuntu_are_told_apart() {
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_ID=\"12\"\nID=debian\n";
        assert_eq!(Os::from_os_release(debian), Os::Debian);
        let ubuntu = "NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n";
        assert_eq!(Os::from_os_release(ubuntu), Os::Ubuntu);
    }

    #[test]
    fn derivatives_are_like_their_parents() {
        let mint = "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n";
        assert_eq!(Os::from_os_release(mint), Os::Ubuntu);
        assert_eq!(Os::from_os_release("ID=kali\nID_LIKE=debian\n"), Os::Debian);
    }

    #[test]
    fn everything_else_is_other() {
        assert_eq!(Os::from_os_release("ID=fedora\n"), Os::Other);
        assert_eq!(Os::from_os_release(""), Os::Other);
    }
}
