//! What one journey has: its servers and browsers, and a place for what they leave behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::browser::{Browser, Pool};
use crate::machine::Share;
use crate::scratch::Scratch;
use crate::wait::within_limit;
use crate::{Kind, Options, Outcome, Page, Server, Settings};

/// Starts servers and browsers for one journey. Clones are the same stage.
#[derive(Clone)]
pub struct Stage(Arc<Inner>);

struct Inner {
    name: String,
    settings: Settings,
    pool: Pool,
    kinds: Vec<Kind>,
    scratch: Scratch,
    browsers: Mutex<Vec<Arc<Browser>>>,
    servers: Mutex<Vec<Server>>,
    /// Errors in the console that this journey brings about on purpose.
    allowed: Mutex<Vec<&'static str>>,
    /// Of the machine, for as long as the journey needs it.
    share: Mutex<Option<Share>>,
}

impl Stage {
    /// `kinds` are the browsers that the journey is about.
    pub(crate) fn set_up(
        name: &str,
        settings: &Settings,
        pool: &Pool,
        kinds: &[Kind],
        share: Option<Share>,
    ) -> Outcome<Self> {
        let stage = Self(Arc::new(Inner {
            name: name.to_owned(),
            settings: settings.clone(),
            pool: pool.clone(),
            kinds: kinds.to_vec(),
            scratch: Scratch::new()?,
            browsers: Mutex::default(),
            servers: Mutex::default(),
            allowed: Mutex::default(),
            share: Mutex::new(share),
        }));
        // What an earlier run left must not be taken for this one's.
        let _ = fs::remove_dir_all(stage.artifacts());
        Ok(stage)
    }

    /// For what is measured rather than tested: end it by [`Self::end`].
    pub fn for_measuring(settings: &Settings) -> Outcome<Self> {
        let pool = Pool::default();
        Self::set_up("measuring", settings, &pool, &Kind::ALL, None)
    }

    /// Ends every server and browser.
    pub async fn end(self) -> Outcome {
        self.tear_down(false).await
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// A directory that is gone after the journey.
    pub fn scratch(&self) -> &Path {
        self.0.scratch.path()
    }

    /// The make of the journey's first browser, or its second …
    pub fn kind(&self, index: usize) -> Kind {
        self.0.kinds[index % self.0.kinds.len()]
    }

    /// A running server.
    pub fn server(&self) -> Outcome<Server> {
        self.server_with(&[])
    }

    /// A running server with further arguments.
    pub fn server_with(&self, arguments: &[&str]) -> Outcome<Server> {
        let server = Server::new(&self.0.settings, arguments);
        locked(&self.0.servers).push(server.clone());
        server.start()?;
        Ok(server)
    }

    /// An empty browser, of the make of the journey's first.
    pub async fn page(&self) -> Outcome<Page> {
        let browser = self.browser(self.kind(0), Options::default()).await?;
        Ok(browser.page().clone())
    }

    pub async fn browser(&self, kind: Kind, options: Options) -> Outcome<Arc<Browser>> {
        let idle = match options == Options::default() {
            true => self.0.pool.take(kind),
            false => None,
        };
        let browser = match idle {
            Some(browser) => browser,
            None => Browser::start(&self.0.settings, kind, options).await?,
        };
        let browser = Arc::new(browser);
        locked(&self.0.browsers).push(browser.clone());
        Ok(browser)
    }

    /// From here on, others may use the machine: what is left is to wait, and little besides.
    pub fn let_others_run(&self) {
        drop(locked(&self.0.share).take());
    }

    /// From now on errors that contain this text are expected in the console.
    pub fn allow_error(&self, text: &'static str) {
        locked(&self.0.allowed).push(text);
    }

    /// Fails when a browser's console has errors.
    pub async fn check_consoles(&self) -> Outcome {
        let allowed = locked(&self.0.allowed).clone();
        for page in self.pages() {
            let errors = page.errors(&allowed).await?;
            if !errors.is_empty() {
                let errors = errors.join("\n");
                return Err(format!("errors in the console of {}:\n{errors}", page.kind()).into());
            }
        }
        Ok(())
    }

    /// A server that panicked has not passed, whatever the browsers saw.
    pub(crate) fn check_servers(&self) -> Outcome {
        for server in locked(&self.0.servers).iter() {
            let log = server.log();
            if log.contains("panicked at") {
                return Err(format!("the server panicked:\n{log}").into());
            }
        }
        Ok(())
    }

    /// Saves what is to be seen, and returns where.
    pub(crate) async fn save_artifacts(&self) -> Outcome<PathBuf> {
        let directory = self.artifacts();
        fs::create_dir_all(&directory)?;
        for (index, page) in self.pages().iter().enumerate() {
            let name = format!("{}-{}", index + 1, page.kind());
            if let Err(error) = within_limit(page.save(&directory, &name)).await {
                fs::write(directory.join(format!("{name}.txt")), error.to_string())?;
            }
        }
        for (index, server) in locked(&self.0.servers).iter().enumerate() {
            let file = directory.join(format!("server-{}.log", index + 1));
            fs::write(file, server.log())?;
        }
        Ok(directory)
    }

    /// Ends everything that was started, but for browsers that the next journey may have.
    pub(crate) async fn tear_down(&self, passed: bool) -> Outcome {
        let mut outcome = Ok(());
        let browsers = std::mem::take(&mut *locked(&self.0.browsers));
        for browser in browsers {
            let ended = match Arc::try_unwrap(browser) {
                Ok(browser) if passed && browser.is_reusable().await => {
                    self.0.pool.put(browser);
                    Ok(())
                }
                Ok(browser) => browser.quit().await,
                Err(_) => Err("the journey has ended and still holds a browser".into()),
            };
            outcome = outcome.and(ended);
        }
        for server in locked(&self.0.servers).drain(..) {
            outcome = outcome.and(server.kill());
        }
        outcome
    }

    fn pages(&self) -> Vec<Page> {
        let browsers = locked(&self.0.browsers);
        let pages = browsers.iter().map(|browser| browser.page().clone());
        pages.filter(|page| !page.has_crashed()).collect()
    }

    fn artifacts(&self) -> PathBuf {
        let name = self.0.name.replace("::", "-");
        self.0.settings.package.join("artifacts").join(name)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
