//! HTTPS: certificates from files, or one that this server makes for itself.
//!
//! Owns reading, making and keeping certificates; the accept loop gets a ready acceptor.

mod self_signed;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{DEFAULT_VERSIONS, ServerConfig};

use crate::Error;

/// HTTPS: with a given certificate or with one made here.
#[derive(clap::Args, Clone, Debug, Default)]
#[command(next_help_heading = "TLS")]
pub struct TlsConfig {
    /// Serve HTTPS and WSS, with a self-signed certificate made on first use unless --tls-cert
    /// names one
    #[arg(long = "tls", env = "WEBRTC_TOUR_TLS")]
    pub enabled: bool,

    /// Certificate chain in PEM format; implies --tls
    #[arg(
        long = "tls-cert",
        id = "tls-cert",
        env = "WEBRTC_TOUR_TLS_CERT",
        value_name = "FILE",
        requires = "tls-key"
    )]
    pub cert: Option<PathBuf>,

    /// Private key in PEM format
    #[arg(
        long = "tls-key",
        id = "tls-key",
        env = "WEBRTC_TOUR_TLS_KEY",
        value_name = "FILE",
        requires = "tls-cert"
    )]
    pub key: Option<PathBuf>,

    /// Where the self-signed certificate is kept [default: the user's data directory]
    #[arg(
        long = "tls-dir",
        id = "tls-dir",
        env = "WEBRTC_TOUR_TLS_DIR",
        value_name = "DIR"
    )]
    pub dir: Option<PathBuf>,
}

/// What `config` asks for; `None` for plain HTTP.
pub fn acceptor(config: &TlsConfig) -> Result<Option<TlsAcceptor>, Error> {
    match (&config.cert, &config.key) {
        (Some(cert), Some(key)) => from_files(cert, key).map(Some),
        _ if config.enabled => {
            let directory = match &config.dir {
                Some(directory) => directory.clone(),
                None => data_directory()?,
            };
            self_signed::acceptor(&directory).map(Some)
        }
        _ => Ok(None),
    }
}

/// An acceptor for the certificate chain and the key in two PEM files.
fn from_files(cert: &Path, key: &Path) -> Result<TlsAcceptor, Error> {
    let chain = CertificateDer::pem_slice_iter(&read(cert)?).collect::<Result<Vec<_>, _>>();
    let chain = chain
        .ok()
        .filter(|chain| !chain.is_empty())
        .ok_or_else(|| Error::Pem {
            path: cert.to_owned(),
            what: "certificate",
        })?;
    let key = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|_| Error::Pem {
        path: key.to_owned(),
        what: "private key",
    })?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(DEFAULT_VERSIONS)?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    // WebSockets need HTTP/1.1 here; a browser must not choose anything else.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| Error::Read {
        path: path.to_owned(),
        error,
    })
}

fn data_directory() -> Result<PathBuf, Error> {
    use etcetera::BaseStrategy;

    let strategy = etcetera::choose_base_strategy().map_err(|_| Error::NoDataDirectory)?;
    Ok(strategy.data_dir().join("webrtc-tour").join("tls"))
}
