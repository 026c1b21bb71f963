//! Why the server cannot start or go on. Bad input of clients is no error here: it is answered.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

/// One sentence each, for the person who started the server.
#[derive(Debug, Error)]
pub enum Error {
    #[error("the address {0} is in use: stop the other program or choose one with --listen")]
    AddressInUse(SocketAddr),
    #[error("the address {0} is in use: choose another one with --rtdb-listen, or none")]
    DatabaseAddressInUse(SocketAddr),
    #[error("cannot listen on {address}: {error}")]
    Listen {
        address: SocketAddr,
        error: io::Error,
    },
    #[error("{0}")]
    Configuration(String),
    #[error("cannot read {path}: {error}")]
    Read { path: PathBuf, error: io::Error },
    #[error("cannot write {path}: {error}")]
    Write { path: PathBuf, error: io::Error },
    #[error("cannot use {path} as the file of the database: {error}")]
    DatabaseFile { path: PathBuf, error: String },
    #[error("{path} has no {what} in PEM format")]
    Pem { path: PathBuf, what: &'static str },
    #[error("certificate and key cannot be used: {0}")]
    Certificate(#[from] tokio_rustls::rustls::Error),
    #[error("cannot make a certificate: {0}")]
    SelfSigned(#[from] rcgen::Error),
    #[error("there is no directory to keep the certificate in: name one with --tls-dir")]
    NoDataDirectory,
    #[error("{service} has ended although nobody asked it to; the server ends with it")]
    ServiceEnded { service: &'static str },
    #[error("{service} has failed, and the server ends with it: {error}")]
    ServiceFailed {
        service: &'static str,
        error: tokio::task::JoinError,
    },
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Error {
    /// What the process ends with: 2 for what was asked, 1 for what happened.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_)
            | Self::Read { .. }
            | Self::Pem { .. }
            | Self::Certificate(_)
            | Self::NoDataDirectory => 2,
            _ => 1,
        }
    }
}
