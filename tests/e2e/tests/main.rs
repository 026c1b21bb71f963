//! All journeys, one behaviour each; a file for each page or matter.

mod accessibility;
mod blur;
mod call;
mod call_server;
mod chat;
mod controls;
mod cuts;
mod data_channel;
mod failed_paths;
mod firebase;
mod lobby;
mod media_stream;
mod meet;
mod mesh;
mod missing_parts;
mod obstacles;
mod opened;
mod opened_calls;
mod pages;
mod paste;
mod peer_connection;
mod people;
mod reading;
mod recordings;
mod refusals;
mod restarts;
mod returning;
mod rights;
mod screens;
mod sights;
mod stage;
mod tabs;
mod text_first;
mod trace_sharing;
mod transport_picker;
mod verification;
mod weak_networks;

use std::process::ExitCode;

fn main() -> ExitCode {
    let journeys = [
        pages::all(),
        accessibility::all(),
        opened::all(),
        missing_parts::all(),
        opened_calls::all(),
        media_stream::all(),
        peer_connection::all(),
        data_channel::all(),
        call::all(),
        meet::all(),
        lobby::all(),
        blur::all(),
        stage::all(),
        obstacles::all(),
        returning::all(),
        rights::all(),
        weak_networks::all(),
        recordings::all(),
        controls::all(),
        call_server::all(),
        mesh::all(),
        cuts::all(),
        restarts::all(),
        failed_paths::all(),
        chat::all(),
        screens::all(),
        reading::all(),
        text_first::all(),
        refusals::all(),
        transport_picker::all(),
        tabs::all(),
        verification::all(),
        trace_sharing::all(),
        paste::all(),
        firebase::all(),
    ];
    e2e::run(journeys.into_iter().flatten().collect())
}
