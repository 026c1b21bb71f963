//! Which pages may open a WebSocket, and how the others are told.

use std::path::Path;

use crate::common::Server;
use webrtc_tour_server::Limits;

#[tokio::test]
async fn a_page_of_another_origin_is_told_and_closed() {
    let server = Server::start().await;
    for origin in ["https://evil.example", "null", "nonsense"] {
        let mut client = server.client_with(&[("origin", origin)]).await;
        let (code, said) = client.close_code().await;
        assert_eq!(code, 1008, "{origin}");
        assert_eq!(said.len(), 1);
        assert_eq!(said[0]["code"], "originNotAllowed");
    }
    assert_eq!(server.app.counts().clients, 0);
}

#[tokio::test]
async fn pages_of_this_server_of_this_machine_and_no_pages_are_allowed() {
    let server = Server::start().await;
    for headers in [
        &[][..],
        &[("origin", "http://localhost:3000")],
        &[("origin", "https://tour.example"), ("host", "tour.example")],
    ] {
        let mut client = server.client_with(headers).await;
        client.expect_silence().await;
    }
}

#[tokio::test]
async fn a_machines_own_pages_are_strangers_to_other_hosts() {
    let server = Server::start().await;
    let headers = [
        ("origin", "http://localhost:3000"),
        ("host", "tour.example"),
    ];
    let mut client = server.client_with(&headers).await;
    assert_eq!(client.error().await, "originNotAllowed");
}

#[tokio::test]
async fn others_may_be_allowed() {
    let pages = "https://pages.example";
    for allowed in [pages, "*"] {
        let origins = vec![allowed.parse().unwrap()];
        let assets = Path::new("no/such/directory");
        let server = Server::allowing(origins, Limits::default(), assets, None).await;
        let mut client = server.client_with(&[("origin", pages)]).await;
        client.expect_silence().await;
        let mut client = server.client_with(&[("origin", "null")]).await;
        match allowed {
            "*" => client.expect_silence().await,
            _ => assert_eq!(client.error().await, "originNotAllowed"),
        }
    }
}
