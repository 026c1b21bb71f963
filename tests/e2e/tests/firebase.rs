//! Calls through the database, and what of them is in it.

mod calls;
mod cuts;
mod page;

use e2e::{Journey, Kind, Outcome, Server, Stage, until};

use crate::call::{CHROME_FIREFOX, EVERY_PAIR, FIREFOX_CHROME};

const MIXED: [Kind; 4] = [Kind::Chrome, Kind::Firefox, Kind::Chrome, Kind::Firefox];
const SAME: [[Kind; 4]; 2] = [[Kind::Chrome; 4], [Kind::Firefox; 4]];

pub(crate) fn all() -> Vec<Journey> {
    let both = [CHROME_FIREFOX, FIREFOX_CHROME];
    vec![
        Journey::between(&EVERY_PAIR, calls::two_people_call_through_the_database),
        Journey::between(&both[..1], calls::who_was_asked_to_go_and_stays_comes_back),
        Journey::between(
            &both[..1],
            calls::a_third_is_refused_and_leaves_nothing_behind,
        ),
        Journey::between(&[MIXED], calls::four_people_meet_and_leave_nothing_behind)
            .alone()
            .waiting(),
        Journey::between(
            &both[..1],
            calls::the_server_removes_what_the_last_ones_left,
        )
        .waiting(),
        Journey::between(&both, cuts::a_cut_stream_loses_and_doubles_nothing).alone(),
        Journey::between(&both[1..], cuts::a_restarted_database_stops_no_call).alone(),
        Journey::between(&both[..1], cuts::a_token_is_renewed_under_a_call),
        Journey::between(&both, page::messages_are_kept_while_that_is_asked_for),
        Journey::between(&SAME, page::both_ways_to_connect_to_three_are_measured).alone(),
        Journey::new(page::a_database_that_cannot_be_used_says_why),
    ]
}

fn pair(server: &Server) -> String {
    format!("{}/firebase/kitchen", server.origin())
}

fn many(server: &Server) -> String {
    format!("{}/firebase/mesh/kitchen", server.origin())
}

/// Browsers write down every request that fails.
fn allow_lost_requests(stage: &Stage) {
    for text in [
        "Failed to load resource",
        "/rtdb/",
        "EventSource",
        "event stream",
        "connection to the server at http://127.0.0.1:",
        "The connection to http://127.0.0.1:",
        "NetworkError",
    ] {
        stage.allow_error(text);
    }
}

/// Waits until so many participants are in the room, and no message.
async fn expect_participants(server: &Server, room: &str, count: usize) -> Outcome {
    until(
        &format!("{count} participants and nothing else"),
        async || {
            let found = server.stored(room).await?;
            let participants = found["participants"].as_object();
            let as_many = participants.map_or(0, serde_json::Map::len) == count;
            Ok(if as_many && found.get("messages").is_none() {
                Ok(())
            } else {
                Err(found.to_string())
            })
        },
    )
    .await
}
