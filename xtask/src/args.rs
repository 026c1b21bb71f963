//! The command line.

use std::ffi::OsString;

use lexopt::prelude::*;

use crate::{
    browsers::Kind,
    error::{Error, Result},
};

#[derive(Debug, PartialEq)]
pub(crate) enum Task {
    Serve(Serve),
    Dev,
    Test(Test),
    Build { public_url: String },
    Bench(Bench),
    Size,
    Setup,
    Help,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Serve {
    pub(crate) listen: String,
    pub(crate) open: bool,
    /// Passed on to the server as they are.
    pub(crate) server: Vec<OsString>,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Test {
    pub(crate) only: Option<Part>,
    pub(crate) browser: Option<Kind>,
    pub(crate) filter: Option<String>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Bench {
    pub(crate) what: Measured,
    pub(crate) rounds: u32,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Measured {
    Signaling,
    Pages {
        /// Only what has this in its name.
        filter: Option<String>,
    },
}

/// The parts of `cargo xtask test` that can be asked for alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Part {
    Native,
    Load,
    Python,
    Browser,
    EndToEnd,
}

impl Part {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Load => "load",
            Self::Python => "python",
            Self::Browser => "browser",
            Self::EndToEnd => "e2e",
        }
    }
}

pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Task> {
    task(&mut parser).map_err(|error| {
        Error::new(format!(
            "{error}. `cargo xtask help` lists commands and options."
        ))
    })
}

fn task(parser: &mut lexopt::Parser) -> std::result::Result<Task, lexopt::Error> {
    let command = match parser.next()? {
        None | Some(Long("help") | Short('h')) => return Ok(Task::Help),
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected()),
    };
    match command.as_str() {
        "serve" => serve(parser),
        "test" => test(parser),
        "build" => build(parser),
        "bench" => bench(parser),
        "dev" => nothing_more(parser, Task::Dev),
        "size" => nothing_more(parser, Task::Size),
        "setup" => nothing_more(parser, Task::Setup),
        "help" => nothing_more(parser, Task::Help),
        _ => Err(format!("there is no command `{command}`").into()),
    }
}

fn serve(parser: &mut lexopt::Parser) -> std::result::Result<Task, lexopt::Error> {
    let mut options = Serve {
        listen: "127.0.0.1:8080".to_owned(),
        open: false,
        server: Vec::new(),
    };
    loop {
        // lexopt hides the `--`, so it is looked for before each option.
        if let Some(rest) = parser.try_raw_args()
            && rest.peek().is_some_and(|next| next == "--")
        {
            options.server = rest.skip(1).collect();
            break;
        }
        match parser.next()? {
            Some(Long("listen")) => options.listen = parser.value()?.string()?,
            Some(Long("open")) => options.open = true,
            Some(Long("help") | Short('h')) => return Ok(Task::Help),
            Some(other) => return Err(other.unexpected()),
            None => break,
        }
    }
    Ok(Task::Serve(options))
}

fn test(parser: &mut lexopt::Parser) -> std::result::Result<Task, lexopt::Error> {
    let mut options = Test::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("only") => {
                options.only = Some(match parser.value()?.string()?.as_str() {
                    "native" => Part::Native,
                    "load" => Part::Load,
                    "python" => Part::Python,
                    "browser" => Part::Browser,
                    "e2e" => Part::EndToEnd,
                    _ => return Err("--only takes native, load, python, browser or e2e".into()),
                });
            }
            Long("browser") => {
                options.browser = Some(match parser.value()?.string()?.as_str() {
                    "chrome" => Kind::Chrome,
                    "firefox" => Kind::Firefox,
                    _ => return Err("--browser takes chrome or firefox".into()),
                });
            }
            Long("help") | Short('h') => return Ok(Task::Help),
            Value(filter) if options.filter.is_none() => options.filter = Some(filter.string()?),
            // wasm-bindgen's runner takes no second one.
            Value(_) => return Err("only one filter can be given".into()),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Test(options))
}

fn build(parser: &mut lexopt::Parser) -> std::result::Result<Task, lexopt::Error> {
    let mut public_url = "/".to_owned();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("public-url") => public_url = parser.value()?.string()?,
            Long("help") | Short('h') => return Ok(Task::Help),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Task::Build { public_url })
}

fn bench(parser: &mut lexopt::Parser) -> std::result::Result<Task, lexopt::Error> {
    let mut rounds = 3;
    let mut words = Vec::new();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("rounds") => rounds = parser.value()?.parse()?,
            Long("help") | Short('h') => return Ok(Task::Help),
            Value(value) => words.push(value.string()?),
            other => return Err(other.unexpected()),
        }
    }
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let what = match words[..] {
        ["signaling"] => Measured::Signaling,
        ["pages"] => Measured::Pages { filter: None },
        ["pages", filter] => Measured::Pages {
            filter: Some(filter.to_owned()),
        },
        _ => {
            let there_is = "what there is to measure is `bench pages [NAME]` and `bench signaling`";
            return Err(there_is.into());
        }
    };
    if !(1..=100).contains(&rounds) {
        return Err("--rounds takes 1 to 100".into());
    }
    Ok(Task::Bench(Bench { what, rounds }))
}

fn nothing_more(
    parser: &mut lexopt::Parser,
    task: Task,
) -> std::result::Result<Task, lexopt::Error> {
    match parser.next()? {
        None => Ok(task),
        Some(Long("help") | Short('h')) => Ok(Task::Help),
        Some(other) => Err(other.unexpected()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Task> {
        parse(lexopt::Parser::from_args(words))
    }

    #[test]
    fn nothing_at_all_asks_for_help() {
        assert_eq!(parsed(&[]).unwrap(), Task::Help);
        assert_eq!(parsed(&["serve", "--help"]).unwrap(), Task::Help);
    }

    #[test]
    fn what_follows_two_dashes_goes_to_the_server() {
        let expected = Task::Serve(Serve {
            listen: "[::1]:9".to_owned(),
            open: true,
            server: vec!["--tls".into(), "--listen".into()],
        });
        let words = [
            "serve",
            "--listen=[::1]:9",
            "--open",
            "--",
            "--tls",
            "--listen",
        ];
        assert_eq!(parsed(&words).unwrap(), expected);
    }

    #[test]
    fn test_takes_a_part_a_browser_and_one_filter() {
        let expected = Task::Test(Test {
            only: Some(Part::Browser),
            browser: Some(Kind::Firefox),
            filter: Some("glare".to_owned()),
        });
        let words = ["test", "--only", "browser", "glare", "--browser=firefox"];
        assert_eq!(parsed(&words).unwrap(), expected);
        assert!(parsed(&["test", "one", "two"]).is_err());
        assert!(parsed(&["test", "--only", "some"]).is_err());
    }

    #[test]
    fn bench_says_what_and_how_often() {
        let bench = |what, rounds| Task::Bench(Bench { what, rounds });
        assert_eq!(
            parsed(&["bench", "signaling", "--rounds", "5"]).unwrap(),
            bench(Measured::Signaling, 5)
        );
        let filter = Some("mesh".to_owned());
        assert_eq!(
            parsed(&["bench", "pages", "mesh"]).unwrap(),
            bench(Measured::Pages { filter }, 3)
        );
        assert!(parsed(&["bench"]).is_err());
        assert!(parsed(&["bench", "signaling", "mesh"]).is_err());
        assert!(parsed(&["bench", "signaling", "--rounds=0"]).is_err());
    }

    #[test]
    fn surprises_are_refused() {
        assert!(parsed(&["deploy"]).is_err());
        assert!(parsed(&["size", "--fast"]).is_err());
        assert!(parsed(&["build", "--public-url"]).is_err());
    }
}
