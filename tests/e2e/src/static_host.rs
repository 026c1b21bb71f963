//! A static host as one can rent it: files below a path, `index.html` for a directory, `404.html` for
//! everything else, and no idea of an app.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::Outcome;

/// Serves the bundle below a path, until the journey is over.
pub struct StaticHost {
    address: String,
    root: PathBuf,
    sends_program: watch::Sender<bool>,
}

struct Site {
    root: PathBuf,
    below: String,
    sends_program: watch::Receiver<bool>,
}

impl StaticHost {
    /// `below` begins and ends with a slash.
    pub async fn start(dist: &Path, scratch: &Path, below: &str) -> Outcome<Self> {
        let root = scratch.join("static-host");
        copy(dist, &root, below)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}{below}", listener.local_addr()?);
        let (sends_program, receiver) = watch::channel(true);
        let site = Arc::new(Site {
            root: root.clone(),
            below: below.to_owned(),
            sends_program: receiver,
        });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let site = site.clone();
                // A browser that goes away in the middle is no error of ours.
                tokio::spawn(async move { answer(stream, &site).await });
            }
        });
        Ok(Self {
            address,
            root,
            sends_program,
        })
    }

    /// Sets whether requests for wasm are answered from now on; otherwise they wait.
    pub fn send_program(&self, sends: bool) {
        self.sends_program.send_replace(sends);
    }

    /// From now on, no file of any part of the program is found that is loaded when it is needed.
    pub fn withhold_parts(&self) -> Outcome {
        let files = self.parts()?.into_values().flatten();
        self.rename(files.collect())
    }

    /// From now on, no file of this part is found.
    pub fn withhold(&self, part: &str) -> Outcome {
        let mut parts = self.parts()?;
        let files = parts
            .remove(part)
            .ok_or_else(|| format!("there is no part {part}"))?;
        self.rename(files.into_iter().collect())
    }

    fn rename(&self, files: BTreeSet<String>) -> Outcome {
        for file in files {
            fs::rename(self.root.join(&file), self.root.join(withheld(&file)))?;
        }
        Ok(())
    }

    /// The files of this part are found again.
    pub fn deliver_part(&self, part: &str) -> Outcome {
        let mut parts = self.parts()?;
        let files = parts
            .remove(part)
            .ok_or_else(|| format!("there is no part {part}"))?;
        for file in files {
            let withheld = self.root.join(withheld(&file));
            if withheld.exists() {
                fs::rename(withheld, self.root.join(file))?;
            }
        }
        Ok(())
    }

    /// Each part and its files.
    fn parts(&self) -> Outcome<BTreeMap<String, Vec<String>>> {
        let lines = fs::read_to_string(self.root.join(".parts"))?;
        let parts = lines.lines().filter_map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            Some((words.next()?, words.collect()))
        });
        Ok(parts.collect())
    }

    /// Where the first page is, with a slash at the end.
    pub fn address(&self) -> &str {
        &self.address
    }
}

fn withheld(file: &str) -> String {
    format!("{file}.withheld")
}

/// The bundle as `cargo xtask build --public-url` makes it: the same files, with another path in
/// front of them in the pages.
fn copy(dist: &Path, root: &Path, below: &str) -> Outcome {
    fs::create_dir_all(root)?;
    for entry in fs::read_dir(dist)? {
        let entry = entry?;
        let to = root.join(entry.file_name());
        match entry
            .path()
            .extension()
            .and_then(|extension| extension.to_str())
        {
            Some("html") => {
                let page = fs::read_to_string(entry.path())?;
                let page = page
                    .replace("=\"/", &format!("=\"{below}"))
                    .replace("'/", &format!("'{below}"));
                fs::write(to, page)?;
            }
            _ if entry.path().is_dir() => copy(&entry.path(), &to, below)?,
            _ => fs::copy(entry.path(), to).map(drop)?,
        }
    }
    Ok(())
}

async fn answer(mut stream: TcpStream, site: &Site) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader.take(64 * 1024)).lines();
    let request = lines.next_line().await?.unwrap_or_default();
    while lines
        .next_line()
        .await?
        .is_some_and(|line| !line.is_empty())
    {}

    let target = request.split(' ').nth(1).unwrap_or_default();
    let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
    let name = path.strip_prefix(&*site.below);
    let name = name.filter(|name| !name.contains("..")).unwrap_or("none");
    let mut file = site.root.join(name);
    if file.is_dir() {
        if !path.ends_with('/') {
            let head = format!(
                "HTTP/1.1 301 Moved Permanently\r\nlocation: {path}/{query}\r\ncontent-length: 0\r\n\
                 connection: close\r\n\r\n"
            );
            return writer.write_all(head.as_bytes()).await;
        }
        file.push("index.html");
    }
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        _ => "text/html",
    };
    if kind == "application/wasm" {
        // Fails for nobody who waits: the host has gone.
        let mut sends = site.sends_program.clone();
        let _ = sends.wait_for(|sends| *sends).await;
    }
    let (status, content) = match fs::read(&file) {
        Ok(content) => ("200 OK", content),
        Err(_) => ("404 Not Found", fs::read(site.root.join("404.html"))?),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        content.len()
    );
    writer.write_all(head.as_bytes()).await?;
    writer.write_all(&content).await
}
