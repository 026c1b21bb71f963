//! What is in the server's database, as its administrator sees it.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::{Outcome, Server};

/// What the server writes when the database listens, before the address.
const ANNOUNCEMENT: &str = "the database is at the root here";

impl Server {
    /// Host and port of the database's own listener, of the newest run.
    pub fn database(&self) -> Outcome<String> {
        let log = self.log();
        let line = log.lines().rfind(|line| line.contains(ANNOUNCEMENT));
        let (_, address) = line
            .and_then(|line| line.split_once("address="))
            .ok_or("the database has no listener")?;
        let end = address.find(|c: char| c.is_whitespace());
        Ok(address[..end.unwrap_or(address.len())].to_owned())
    }

    /// What is at a path such as `/rooms`; null for nothing.
    pub async fn stored(&self, path: &str) -> Outcome<Value> {
        let address = self.database()?;
        let mut stream = TcpStream::connect(&address).await?;
        let request = format!(
            "GET {path}.json HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer owner\r\n\
             connection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(format!("the database answers {answer}").into());
        }
        Ok(serde_json::from_str(body)?)
    }
}
