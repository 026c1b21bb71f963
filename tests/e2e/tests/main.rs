//! All journeys, one behaviour each; a file for each page or matter.

mod call;
mod call_server;
mod controls;
mod data_channel;
mod media_stream;
mod mesh;
mod pages;
mod peer_connection;
mod people;

use std::process::ExitCode;

fn main() -> ExitCode {
    let journeys = [
        pages::all(),
        media_stream::all(),
        peer_connection::all(),
        data_channel::all(),
        call::all(),
        controls::all(),
        call_server::all(),
        mesh::all(),
    ];
    e2e::run(journeys.into_iter().flatten().collect())
}
