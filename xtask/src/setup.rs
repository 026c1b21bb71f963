//! `cargo xtask setup`: what the other commands need, and nothing else.

use std::{path::PathBuf, process::ExitCode};

use crate::{
    axe,
    browsers::{self, Kind},
    error::{Error, Result},
    ffprobe, process, python, tools,
};

/// Sets up trunk and what it needs.
pub(crate) fn for_trunk() -> Result<()> {
    tools::set_up_wasm_target()?;
    // Trunk would download it, or fail to.
    tools::wasm_bindgen()?.set_up()?;
    tools::trunk().set_up()?;
    Ok(())
}

pub(crate) fn run() -> Result<ExitCode> {
    tools::set_up_components()?;
    for_trunk()?;
    let mut missing = false;
    let browsers = Kind::ALL.map(|kind| match browsers::set_up(kind) {
        Ok(browser) => Ok(browser.to_string()),
        Err(Error::Message(text)) => {
            missing = true;
            Ok(format!("MISSING: {text}"))
        }
        Err(interrupted) => Err(interrupted),
    });
    let mut told = |found: Result<PathBuf>| match found {
        Ok(path) => Ok(path.display().to_string()),
        Err(Error::Message(text)) => {
            missing = true;
            Ok(format!("MISSING: {text}"))
        }
        Err(Error::Interrupted) => Err(Error::Interrupted),
    };
    let python = told(python::set_up())?;
    let axe = told(axe::set_up())?;
    let ffprobe = told(ffprobe::set_up())?;
    let said = |program: &str| process::output(process::command(program).arg("--version"));
    let rust = said("rustc").unwrap_or_default();
    println!("rust          {rust}, with {}", tools::WASM);
    println!("wasm-bindgen  {}", tools::wasm_bindgen()?.set_up()?);
    println!("trunk         {}", tools::trunk().set_up()?);
    println!("geckodriver   {}", tools::geckodriver().set_up()?);
    println!("cargo-deny    {}", tools::cargo_deny().set_up()?);
    println!(
        "chromedriver  {}",
        said("chromedriver").as_deref().unwrap_or("MISSING")
    );
    println!("Python        {python}");
    println!("axe-core      {axe}");
    println!("ffprobe       {ffprobe}");
    for (kind, browser) in Kind::ALL.iter().zip(browsers) {
        println!("{:<13} {}", kind.name(), browser?);
    }
    Ok(if missing {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
