//! A browser with a new, empty profile, and the driver that belongs to it alone.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::ops::Range;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};

use crate::Outcome;
use crate::console::Console;
use crate::page::Page;
use crate::process::{self, Process};
use crate::scratch::Scratch;
use crate::settings::{Installed, Kind, Settings};
use crate::wait::within_limit;

/// How a browser differs from the usual.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// What the person refuses, of `camera` and `microphone`.
    pub refused: &'static [&'static str],
    /// [`LAN_HOST`] is this machine, though no browser trusts it as it trusts `localhost`.
    pub lan_host: bool,
    /// Certificates that nobody signed are good enough.
    pub accept_insecure_certificates: bool,
    /// Pages run no scripts.
    pub without_scripts: bool,
    /// A page is there when its text is: what it loads then is not waited for.
    pub eager: bool,
    /// Cameras deliver what pages ask for, not small and slow video.
    pub full_video: bool,
    /// Nothing works in it but the page: no probe, and nobody hears what its console says. For that, Chromium
    /// runs a page of its own, which takes a tenth of the time in which another is loaded.
    pub unwatched: bool,
}

/// What a person may refuse, as permissions are called.
pub const DEVICES: [&str; 2] = ["camera", "microphone"];

/// The name of a machine in somebody's network.
pub const LAN_HOST: &str = "tour.example";

/// So many journeys one browser has: in headless Chromium the camera that is none becomes slow after
/// many captures.
const MOST_JOURNEYS: u32 = 25;

/// Usual browsers that have nothing to do: starting one takes longer than most journeys.
#[derive(Clone, Default)]
pub(crate) struct Pool(Arc<Mutex<Vec<Browser>>>);

impl Pool {
    pub(crate) fn take(&self, kind: Kind) -> Option<Browser> {
        let mut browsers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = browsers
            .iter()
            .position(|browser| browser.page.kind() == kind)?;
        Some(browsers.remove(index))
    }

    pub(crate) async fn quit(&self) -> Outcome {
        let browsers = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut outcome = Ok(());
        for browser in browsers {
            outcome = outcome.and(browser.quit().await);
        }
        outcome
    }

    pub(crate) fn put(&self, mut browser: Browser) {
        browser.journeys += 1;
        let mut browsers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        browsers.push(browser);
    }
}

/// A running browser. It ends when this is dropped.
pub struct Browser {
    options: Options,
    page: Page,
    pid: Option<u32>,
    driver: Process,
    /// Which have had it.
    journeys: u32,
    /// Where its profile is; gone after everything else is.
    _scratch: Scratch,
}

/// A browser that runs without sandbox may only be so because root has no other choice.
const CHROME_AS_ROOT: &str = "--no-sandbox";

/// Runs before any script of each document, to see what no page shows.
const PROBE: &str = include_str!("probe.js");

/// Likewise, to make cameras and screens deliver small video unless asked for something else.
const SMALL_VIDEO: &str = include_str!("small_video.js");

impl Browser {
    pub(crate) async fn start(settings: &Settings, kind: Kind, options: Options) -> Outcome<Self> {
        let installed = settings.browser(kind)?;
        let scratch = Scratch::new()?;
        let (driver, port) = start_driver(installed, scratch.path())?;
        let capabilities = capabilities(settings, installed, options, scratch.path())?;
        let session = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await;
        let session =
            session.map_err(|error| format!("{kind} does not start: {error}\n{}", driver.log()))?;
        let told = ["goog:processID", "moz:processID"];
        let told = told.map(|name| session.capabilities().get(name).and_then(Value::as_u64));
        let pid = told.into_iter().flatten().next();
        let (bidi, console) = match options.unwatched {
            true => (None, Console::default()),
            false => {
                let bidi = session.bidi().await?;
                let console = Console::listen(&bidi, kind).await?;
                bidi.script().add_preload_script(PROBE).await?;
                if !options.full_video {
                    bidi.script().add_preload_script(SMALL_VIDEO).await?;
                }
                (Some(bidi), console)
            }
        };
        if !options.refused.is_empty() {
            decide(&session, kind, options.refused).await?;
        }
        Ok(Self {
            options,
            page: Page::new(kind, session, bidi, console),
            pid: pid.and_then(|pid| u32::try_from(pid).ok()),
            driver,
            journeys: 0,
            _scratch: scratch,
        })
    }

    pub fn page(&self) -> &Page {
        &self.page
    }

    /// Kills it, as a crash or an empty battery does.
    pub fn crash(&self) -> Outcome {
        let pid = self
            .pid
            .ok_or("the driver does not tell the browser's id")?;
        process::kill_all_of(pid);
        self.page.note_crash();
        Ok(())
    }

    /// Whether another journey may have it.
    pub(crate) async fn is_reusable(&self) -> bool {
        let usual = self.options == Options::default() && !self.page.has_crashed();
        let fresh = self.journeys + 1 < MOST_JOURNEYS;
        usual && fresh && within_limit(self.page.reset()).await.is_ok()
    }

    /// Ends session, browser and driver.
    pub(crate) async fn quit(mut self) -> Outcome {
        let session = self.page.session().clone();
        let quit = within_limit(async { Ok(session.quit().await?) }).await;
        let crashed = self.page.has_crashed();
        let gone = self.wait_until_gone().await;
        self.driver.kill();
        if crashed {
            return Ok(());
        }
        quit?;
        gone
    }

    async fn wait_until_gone(&self) -> Outcome {
        let Some(pid) = self.pid else {
            return Ok(());
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while process::is_alive(pid) {
            if Instant::now() > deadline {
                process::kill(pid);
                return Err(
                    format!("{} did not end when its session did", self.page.kind()).into(),
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(pid) = self.pid.filter(|&pid| process::is_alive(pid)) {
            process::kill(pid);
        }
    }
}

/// On a free port.
fn start_driver(installed: &Installed, scratch: &Path) -> Outcome<(Process, u16)> {
    let mut command = Command::new(&installed.driver);
    // Profiles go there, and go with it.
    command.env("TMPDIR", scratch);
    match installed.kind {
        Kind::Chrome => command.arg(format!("--port={}", port_of_both_families()?)),
        // Two Firefoxes cannot have the same port for BiDi, either.
        Kind::Firefox => command.args(["--port", "0", "--websocket-port", "0"]),
    };
    let process = Process::start(&mut command)?;
    let port = process.wait_for_line(|line| {
        let line = line.trim_end_matches('.');
        let (before, port) = line.rsplit_once([' ', ':'])?;
        let ready = before.contains("started successfully on port")
            || before.contains("Listening on 127.0.0.1");
        port.parse().ok().filter(|_| ready)
    })?;
    Ok((process, port))
}

/// ChromeDriver listens at one port of both families. Left to itself it takes a free one of IPv6 and
/// gives up if something has the same of IPv4, any outgoing connection included. Those here are none
/// that the system gives to anybody by itself.
fn port_of_both_families() -> Outcome<u16> {
    const PORTS: Range<u16> = 20_000..30_000;
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let count = PORTS.end - PORTS.start;
    // Other processes begin elsewhere.
    let first = std::process::id() % u32::from(count);
    for _ in PORTS {
        let next = u32::from(TAKEN.fetch_add(1, Ordering::Relaxed) % count);
        let port = PORTS.start + u16::try_from((first + next) % u32::from(count))?;
        let addresses: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        // Where there is no IPv6, nothing has its port.
        let is_taken = |ip| {
            let listener = TcpListener::bind((ip, port));
            listener.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
        };
        if !addresses.into_iter().any(is_taken) {
            return Ok(port);
        }
    }
    Err(format!("no port of {PORTS:?} is free for ChromeDriver").into())
}

fn capabilities(
    settings: &Settings,
    installed: &Installed,
    options: Options,
    scratch: &Path,
) -> Outcome<Capabilities> {
    let mut common = settings.web_driver_options()?;
    let key = match installed.kind {
        Kind::Chrome => "goog:chromeOptions",
        Kind::Firefox => "moz:firefoxOptions",
    };
    let mut own = common[key].take();
    own["binary"] = json!(installed.binary);
    match installed.kind {
        Kind::Chrome => {
            let mut arguments: Vec<String> = serde_json::from_value(own["args"].take())?;
            if !options.refused.is_empty() {
                // It would say yes before anybody is asked.
                arguments.retain(|argument| argument != "--use-fake-ui-for-media-stream");
            }
            if options.lan_host {
                arguments.push(format!("--host-resolver-rules=MAP {LAN_HOST} 127.0.0.1"));
            }
            if options.without_scripts {
                arguments.push("--blink-settings=scriptEnabled=false".to_owned());
            }
            if is_root(scratch)? {
                arguments.push(CHROME_AS_ROOT.to_owned());
            }
            own["args"] = json!(arguments);
        }
        Kind::Firefox => {
            own["args"] = json!(["-headless"]);
            if options.lan_host {
                own["prefs"]["network.dns.localDomains"] = json!(LAN_HOST);
            }
            if options.without_scripts {
                own["prefs"]["javascript.enabled"] = json!(false);
            }
            if !options.refused.is_empty() {
                own["prefs"]["media.navigator.permission.disabled"] = json!(false);
                for name in DEVICES {
                    // Firefox's numbers for yes and no.
                    let decision = if options.refused.contains(&name) {
                        2
                    } else {
                        1
                    };
                    own["prefs"][format!("permissions.default.{name}")] = json!(decision);
                }
            }
        }
    }
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", installed.kind.to_string())?;
    if !options.unwatched {
        capabilities.set("webSocketUrl", true)?;
    }
    if options.eager {
        capabilities.set("pageLoadStrategy", "eager")?;
    }
    capabilities.set("acceptInsecureCerts", options.accept_insecure_certificates)?;
    capabilities.set(key, own)?;
    if installed.kind == Kind::Chrome {
        capabilities.set("goog:loggingPrefs", json!({ "browser": "ALL" }))?;
    }
    Ok(capabilities)
}

/// For every origin. Firefox has a preference for it.
async fn decide(session: &WebDriver, kind: Kind, refused: &[&str]) -> Outcome {
    if kind == Kind::Chrome {
        for name in DEVICES {
            let setting = if refused.contains(&name) {
                "denied"
            } else {
                "granted"
            };
            let parameters = json!({ "permission": { "name": name }, "setting": setting });
            session
                .cdp()
                .send_raw("Browser.setPermission", parameters)
                .await?;
        }
    }
    Ok(())
}

/// Whether what we create belongs to root.
#[cfg(unix)]
fn is_root(scratch: &Path) -> Outcome<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(std::fs::metadata(scratch)?.uid() == 0)
}

#[cfg(not(unix))]
fn is_root(_: &Path) -> Outcome<bool> {
    Ok(false)
}
