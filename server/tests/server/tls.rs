//! HTTPS and WSS with the certificate that the server makes for itself.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::common::{Server, closed, within};
use futures_util::{SinkExt, StreamExt};
use signaling_protocol::SUBPROTOCOL;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::tungstenite::Message;
use webrtc_tour_server::tls::{self, TlsConfig};
use webrtc_tour_server::{Error, Limits};

fn self_signed(directory: &Path) -> TlsConfig {
    TlsConfig {
        enabled: true,
        dir: Some(directory.to_owned()),
        ..TlsConfig::default()
    }
}

async fn server(directory: &Path, limits: Limits) -> Server {
    let acceptor = tls::acceptor(&self_signed(directory)).unwrap();
    Server::full(limits, directory, acceptor).await
}

/// Connects as `name`, trusting the certificate in `directory` and no other.
async fn connect(server: &Server, directory: &Path, name: &'static str) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    let cert = CertificateDer::from_pem_file(directory.join("cert.pem")).unwrap();
    roots.add(cert).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from(name).unwrap();
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream);
    within("a TLS handshake", connected).await.unwrap()
}

#[tokio::test]
async fn pages_and_websockets_work_under_every_name_of_this_machine() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path(), Limits::default()).await;
    for name in ["localhost", "127.0.0.1", "::1"] {
        let mut stream = connect(&server, directory.path(), name).await;
        let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer);
        within("an answer", read).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    let stream = connect(&server, directory.path(), "localhost").await;
    let request = server.request(Some(SUBPROTOCOL));
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    let join = r#"{"type":"join","room":"hall"}"#;
    socket.send(Message::text(join)).await.unwrap();
    let joined = within("an answer", socket.next()).await.unwrap().unwrap();
    assert!(joined.to_text().unwrap().contains("\"joined\""));
}

#[tokio::test]
async fn a_second_start_has_the_same_certificate() {
    let directory = tempfile::tempdir().unwrap();
    let first = server(directory.path(), Limits::default()).await;
    let before = std::fs::read(directory.path().join("cert.pem")).unwrap();
    drop(first);
    let second = server(directory.path(), Limits::default()).await;
    let after = std::fs::read(directory.path().join("cert.pem")).unwrap();
    assert_eq!(before, after);
    connect(&second, directory.path(), "localhost").await;
}

#[tokio::test]
async fn an_own_certificate_is_used() {
    let directory = tempfile::tempdir().unwrap();
    tls::acceptor(&self_signed(directory.path())).unwrap();
    let own = TlsConfig {
        cert: Some(directory.path().join("cert.pem")),
        key: Some(directory.path().join("key.pem")),
        ..TlsConfig::default()
    };
    let acceptor = tls::acceptor(&own).unwrap();
    let server = Server::full(Limits::default(), directory.path(), acceptor).await;
    connect(&server, directory.path(), "localhost").await;
}

#[test]
fn unusable_files_are_configuration_errors() {
    let directory = tempfile::tempdir().unwrap();
    tls::acceptor(&self_signed(directory.path())).unwrap();
    let file = |name: &str| Some(directory.path().join(name));
    let foreign = rcgen::KeyPair::generate().unwrap().serialize_pem();
    std::fs::write(directory.path().join("foreign.pem"), foreign).unwrap();
    for (cert, key) in [
        ("missing.pem", "key.pem"),
        ("cert.pem", "missing.pem"),
        ("about.json", "key.pem"),
        ("cert.pem", "about.json"),
        ("cert.pem", "foreign.pem"),
    ] {
        let config = TlsConfig {
            cert: file(cert),
            key: file(key),
            ..TlsConfig::default()
        };
        let error: Error = tls::acceptor(&config).err().unwrap();
        assert_eq!(error.exit_code(), 2, "{cert} {key}: {error}");
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_cut_off() {
    let directory = tempfile::tempdir().unwrap();
    let limits = Limits {
        handshake_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = server(directory.path(), limits).await;
    for said in [&b""[..], b"\x16\x03\x01\x02\x00\x01"] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        closed(&mut stream).await;
    }
    // Others were not held up.
    connect(&server, directory.path(), "localhost").await;
}

#[tokio::test]
async fn plain_http_on_the_tls_port_is_cut_off_and_harms_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let server = server(directory.path(), Limits::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    assert!(!closed(&mut stream).await.contains("200"));
    connect(&server, directory.path(), "localhost").await;
}
