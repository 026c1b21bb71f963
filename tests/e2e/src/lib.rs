//! Drives real browsers against the real server.
//!
//! A journey is one behaviour as a person meets it. [`run`] makes a test of each journey and
//! browser (or group of browsers); each test gets a [`Stage`] that starts servers and browsers for
//! it and ends every one of them afterwards, whatever came of the journey.
//!
//! Nothing here knows a page of the tour; what is on them is in `tests/`.

mod browser;
mod console;
mod database;
mod durations;
mod harness;
mod links;
mod machine;
mod media;
mod media_file;
mod page;
mod process;
mod proxy;
mod scratch;
mod server;
mod settings;
mod stage;
mod static_host;
mod wait;

pub use browser::{Browser, DEVICES, LAN_HOST, Options};
pub use harness::{Journey, install_cryptography, run};
pub use links::{Link, expect_frames_each_second};
pub use media::{Received, Track, VideoState};
pub use media_file::MediaFile;
pub use page::Page;
pub use process::Process;
pub use proxy::Proxy;
pub use server::Server;
pub use settings::{Kind, Settings};
pub use stage::Stage;
pub use static_host::StaticHost;
pub use wait::{LIMIT, until, until_within};

/// Why a journey could not go on: what was expected, and what was there.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

pub type Outcome<T = ()> = Result<T, Failure>;

/// Fails with a message unless the condition holds.
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+).into());
        }
    };
}
