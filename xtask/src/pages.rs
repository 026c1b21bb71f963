//! The texts of the tour as pages of their own, which are read before the app is there.

use std::{fs, path::Path};

use crate::{
    error::{Context, Error, Result},
    process::{self, cargo},
};

/// Where the bundle will be.
#[derive(Debug, PartialEq)]
pub(crate) struct PublicUrl {
    /// `https://tour.example`, if it was given.
    pub(crate) origin: Option<String>,
    /// Begins and ends with a slash.
    pub(crate) path: String,
}

impl PublicUrl {
    /// `/some/path/` or `https://tour.example/some/path/`; the last slash may be missing.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::new(format!(
                "--public-url takes /path/ or https://host/path/, not {text}"
            ))
        };
        let (origin, path) = match text.split_once("://") {
            None => (None, text),
            Some(("http" | "https", rest)) => {
                let host = rest.split('/').next().unwrap_or_default();
                if host.is_empty() {
                    return Err(wrong());
                }
                let (origin, path) = text.split_at(text.len() - rest.len() + host.len());
                (Some(origin.to_owned()), path)
            }
            Some(_) => return Err(wrong()),
        };
        let is_plain = |letter: char| letter.is_ascii_graphic() && !"\"'<>?#&\\".contains(letter);
        if !(path.starts_with('/') || origin.is_some() && path.is_empty())
            || !text.chars().all(is_plain)
        {
            return Err(wrong());
        }
        let path = format!("/{}/", path.trim_matches('/')).replace("//", "/");
        Ok(Self { origin, path })
    }
}

/// Puts the pages into the bundle, whose `index.html` is the page of the app. That stays as
/// `404.html`: static hosts answer with it what they do not know, and the router shows what is there.
pub(crate) fn write(dist: &Path, url: &PublicUrl) -> Result<()> {
    fs::copy(dist.join("index.html"), dist.join("404.html")).context("404.html")?;
    let mut pages = cargo(&["run", "--quiet", "--package", "book", "--"]);
    pages.arg(dist).arg(&url.path).args(&url.origin);
    process::run(&mut pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_path_with_or_without_a_host() {
        for (text, origin, path) in [
            ("/", None, "/"),
            ("/some/path", None, "/some/path/"),
            ("https://tour.example", Some("https://tour.example"), "/"),
            ("https://tour.example/", Some("https://tour.example"), "/"),
            (
                "http://localhost:8080/some/path/",
                Some("http://localhost:8080"),
                "/some/path/",
            ),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!(
                (url.origin.as_deref(), &*url.path),
                (origin, path),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "path",
            "ftp://host/",
            "https:///path",
            "/a b/",
            "/\"/",
            "/'+alert()+'/",
            "/\\/",
            "/?a",
        ] {
            assert!(PublicUrl::parse(text).is_err(), "{text}");
        }
    }
}
