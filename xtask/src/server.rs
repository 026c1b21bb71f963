//! Builds the server and says where its program is.

use std::path::PathBuf;

use crate::{error::Result, process::cargo, program};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

pub(crate) fn build(profile: Profile) -> Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "webrtc-tour-server"]);
    build.args((profile == Profile::Release).then_some("--release"));
    program::compile(&mut build)
}
