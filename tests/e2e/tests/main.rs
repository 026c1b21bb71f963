//! All journeys, one behaviour each; a file for each page.

mod call;
mod call_server;
mod data_channel;
mod media_stream;
mod pages;
mod peer_connection;

use std::process::ExitCode;

fn main() -> ExitCode {
    let journeys = [
        pages::all(),
        media_stream::all(),
        peer_connection::all(),
        data_channel::all(),
        call::all(),
        call_server::all(),
    ];
    e2e::run(journeys.into_iter().flatten().collect())
}
