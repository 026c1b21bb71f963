//! The two browsers, each with its WebDriver.

use std::{
    env,
    fmt::{self, Display},
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, Result},
    process::{self, command},
    system::{Os, apt_install},
    tools,
};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Chrome,
    Firefox,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Chrome, Self::Firefox];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chrome => "chrome",
            Self::Firefox => "firefox",
        }
    }

    /// Where the path of the browser may be given, and is handed to tests.
    pub(crate) fn binary_variable(self) -> &'static str {
        match self {
            Self::Chrome => "CHROME",
            Self::Firefox => "FIREFOX",
        }
    }

    /// The same for its driver; `wasm-bindgen-test-runner` chooses the browser by it.
    pub(crate) fn driver_variable(self) -> &'static str {
        match self {
            Self::Chrome => "CHROMEDRIVER",
            Self::Firefox => "GECKODRIVER",
        }
    }

    fn binaries(self) -> &'static [&'static str] {
        match self {
            Self::Chrome => &[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ],
            Self::Firefox => &[
                "firefox-esr",
                "firefox",
                "/Applications/Firefox.app/Contents/MacOS/firefox",
            ],
        }
    }

    fn drivers(self) -> &'static [&'static str] {
        match self {
            Self::Chrome => &["chromedriver"],
            Self::Firefox => &["geckodriver"],
        }
    }

    fn debian_packages(self) -> &'static [&'static str] {
        match self {
            Self::Chrome => &["chromium", "chromium-driver"],
            Self::Firefox => &["firefox-esr"],
        }
    }

    /// What to do where we cannot do it.
    fn by_hand(self) -> &'static str {
        match (self, Os::detect()) {
            (Self::Chrome, Os::Mac) => "brew install --cask google-chrome chromedriver",
            (Self::Firefox, Os::Mac) => "brew install --cask firefox",
            (Self::Chrome, Os::Ubuntu) => {
                "Ubuntu's chromium is a snap, which cannot be driven: install Google Chrome's .deb \
                 (https://www.google.com/chrome) and the ChromeDriver of the same version \
                 (https://googlechromelabs.github.io/chrome-for-testing)"
            }
            (Self::Firefox, Os::Ubuntu) => {
                "Ubuntu's firefox is a snap, which cannot be driven: install firefox-esr or firefox \
                 from Mozilla's own repository (https://support.mozilla.org/kb/install-firefox-linux)"
            }
            (Self::Chrome, _) => "install Chromium or Chrome, and the ChromeDriver of its version",
            (Self::Firefox, _) => "install Firefox",
        }
    }
}

/// A browser that tests can start.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) kind: Kind,
    pub(crate) binary: PathBuf,
    pub(crate) driver: PathBuf,
    version: String,
}

impl Display for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.version, self.binary.display())
    }
}

/// Finds the browser and its driver, installing what is missing where that can be done.
pub(crate) fn set_up(kind: Kind) -> Result<Browser> {
    let given = |variable| env::var_os(variable).is_some();
    if kind == Kind::Firefox && !given(kind.driver_variable()) {
        tools::geckodriver().set_up()?;
    }
    if let Ok(browser) = find(kind) {
        return Ok(browser);
    }
    // Somebody who says where it is does not want another one.
    if Os::detect() == Os::Debian && !given(kind.binary_variable()) {
        apt_install(kind.debian_packages())?;
    }
    find(kind).map_err(|missing| {
        Error::new(format!(
            "{missing}: {}; if it is somewhere else, name it in {} and its driver in {}",
            kind.by_hand(),
            kind.binary_variable(),
            kind.driver_variable(),
        ))
    })
}

/// What is there, or what is missing.
fn find(kind: Kind) -> std::result::Result<Browser, String> {
    let binary = first_usable(kind.binary_variable(), kind.binaries())?;
    let driver = first_usable(kind.driver_variable(), kind.drivers())?;
    if kind == Kind::Chrome && major(&binary.1) != major(&driver.1) {
        let text = format!("{} cannot drive {}", driver.1, binary.1);
        return Err(text);
    }
    Ok(Browser {
        kind,
        binary: binary.0,
        driver: driver.0,
        version: binary.1,
    })
}

/// The first program that is there and says a version, and what it says.
fn first_usable(variable: &str, names: &[&str]) -> std::result::Result<(PathBuf, String), String> {
    let usable = |name: &str| {
        let path = tools::which(name).filter(|path| !is_snap(path))?;
        let said = process::output(command(&path).arg("--version"))?;
        Some((path, said.lines().next()?.to_owned()))
    };
    match env::var(variable) {
        Ok(given) => usable(&given).ok_or_else(|| format!("{variable}={given} does not run")),
        Err(_) => {
            let found = names.iter().find_map(|name| usable(name));
            found.ok_or_else(|| format!("{} cannot be found", names.join(" or ")))
        }
    }
}

fn is_snap(path: &Path) -> bool {
    let target = path.canonicalize();
    target.is_ok_and(|target| target.ends_with("snap") || target.starts_with("/snap"))
}

/// `156` of `Chromium 156.0.7049.52 built on Debian`.
fn major(said: &str) -> Option<u32> {
    let mut words = said.split_whitespace();
    words.find_map(|word| word.split_once('.')?.0.parse().ok())
}

/// The root's `webdriver.json`, with the browsers that were found.
pub(crate) fn capabilities(template: &str, browser: &Browser) -> String {
    let options = match browser.kind {
        Kind::Chrome => "\"goog:chromeOptions\": {",
        Kind::Firefox => "\"moz:firefoxOptions\": {",
    };
    // Debug escapes quotes and backslashes the way JSON does.
    let binary = format!("{options}\n    \"binary\": {:?},", browser.binary);
    template.replacen(options, &binary, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_found_in_what_programs_say() {
        assert_eq!(major("Chromium 156.0.7049.52 built on Debian"), Some(156));
        assert_eq!(
            major("ChromeDriver 156.0.7049.52 (abc-refs/heads/main@{#1})"),
            Some(156)
        );
        assert_eq!(major("Mozilla Firefox ESR"), None);
    }

    #[test]
    fn the_browser_that_was_found_is_the_one_that_is_started() {
        let browser = Browser {
            kind: Kind::Chrome,
            binary: "/opt/my chrome".into(),
            driver: PathBuf::new(),
            version: String::new(),
        };
        let text = capabilities(include_str!("../../webdriver.json"), &browser);
        assert!(text.contains("\"goog:chromeOptions\": {\n    \"binary\": \"/opt/my chrome\","));
        assert_eq!(text.matches("binary").count(), 1);
    }
}
