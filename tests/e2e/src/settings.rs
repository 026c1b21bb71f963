//! What is tested and with what: the environment that `cargo xtask test` sets.

use std::path::PathBuf;
use std::{env, fmt};

use crate::Outcome;

/// A browser's make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Chrome,
    Firefox,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Chrome, Self::Firefox];

    fn variables(self) -> [&'static str; 2] {
        match self {
            Self::Chrome => ["CHROME", "CHROMEDRIVER"],
            Self::Firefox => ["FIREFOX", "GECKODRIVER"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
        })
    }
}

/// A browser and its driver on this machine.
#[derive(Clone, Debug)]
pub struct Installed {
    pub kind: Kind,
    pub binary: PathBuf,
    pub driver: PathBuf,
}

#[derive(Clone, Debug)]
pub struct Settings {
    /// The release bundle.
    pub dist: PathBuf,
    /// The server's program.
    pub server: PathBuf,
    /// The script of axe-core, where pages are examined with it.
    pub axe: Option<PathBuf>,
    /// The program that says what is in a video file.
    pub ffprobe: Option<PathBuf>,
    pub browsers: Vec<Installed>,
    /// This package's directory.
    pub package: PathBuf,
}

impl Settings {
    pub fn from_environment() -> Outcome<Self> {
        let mut browsers = Vec::new();
        let wanted = env::var("WEBRTC_TOUR_BROWSERS").unwrap_or("chrome,firefox".to_owned());
        for name in wanted.split(',').map(str::trim) {
            let kind = Kind::ALL.into_iter().find(|kind| kind.to_string() == name);
            let kind = kind.ok_or_else(|| format!("WEBRTC_TOUR_BROWSERS: no browser {name:?}"))?;
            let [binary, driver] = kind.variables();
            browsers.push(Installed {
                kind,
                binary: path(binary)?,
                driver: path(driver)?,
            });
        }
        // Asked for at run time: clones that share a target directory may share this program.
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        Ok(Self {
            dist: path("WEBRTC_TOUR_DIST")?,
            server: path("WEBRTC_TOUR_SERVER")?,
            axe: env::var_os("WEBRTC_TOUR_AXE").map(PathBuf::from),
            ffprobe: env::var_os("WEBRTC_TOUR_FFPROBE").map(PathBuf::from),
            browsers,
            package: package.unwrap_or(env!("CARGO_MANIFEST_DIR").into()),
        })
    }

    pub fn browser(&self, kind: Kind) -> Outcome<&Installed> {
        let found = self.browsers.iter().find(|browser| browser.kind == kind);
        found.ok_or_else(|| format!("{kind} is not among the browsers to test").into())
    }

    /// Fake devices and all else that browsers need in tests, for every tool the same.
    pub fn web_driver_options(&self) -> Outcome<serde_json::Value> {
        let file = self.package.join("../../webdriver.json");
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(serde_json::from_str(&text)?)
    }
}

fn path(variable: &str) -> Outcome<PathBuf> {
    match env::var_os(variable) {
        Some(path) => Ok(path.into()),
        None => Err(format!("{variable} is not set: use `cargo xtask test --only e2e`").into()),
    }
}
