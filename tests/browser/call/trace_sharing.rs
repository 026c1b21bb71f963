//! Both sides' traces over the call's data channel.

use wasm_bindgen_test::wasm_bindgen_test;
use webrtc_tour::call::Wish;
use webrtc_tour::trace::Payload;
use webrtc_tour::trace::vocabulary::PAGE;
use webrtc_tour::trace_sharing::Standing;

use crate::call::room::Room;
use crate::support::participant::{Participant, connected, join};
use crate::support::until;

fn stand(one: &Participant, other: &Participant) -> [Option<Standing>; 2] {
    [one.standing(), other.standing()]
}

/// Whether the shared trace has a description that was set here, and one that was set there.
fn tells_of_both(person: &Participant) -> bool {
    let entries = person.merged();
    let set = |there: bool| {
        entries.iter().any(|entry| {
            let to = entry.connection.as_ref().and_then(|of| of.to.as_deref());
            let is_set = matches!(entry.payload.as_deref(), Some(Payload::Description { .. }));
            is_set && (to == Some(PAGE)) == there
        })
    };
    set(true) && set(false)
}

#[wasm_bindgen_test]
async fn who_agrees_sees_both_sides_until_there_is_another_connection() {
    let room = Room::new(2);
    let one = join(room.way(), "Kim", None);
    let other = join(room.way(), "Ada", None);
    connected(&one, &other, 0).await;
    until("they can ask", || {
        stand(&one, &other) == [Some(Standing::Apart); 2]
    })
    .await;
    one.handle.share_traces(other.id(), Wish::Ask);
    until("the other is asked", || {
        stand(&one, &other) == [Some(Standing::Asking), Some(Standing::Asked)]
    })
    .await;
    assert!(one.merged().is_empty() && other.merged().is_empty());
    other.handle.share_traces(one.id(), Wish::Accept);
    until("both see both", || {
        tells_of_both(&one) && tells_of_both(&other)
    })
    .await;
    let offset = |person: &Participant| {
        person.see(|view| {
            view.participants
                .first()
                .and_then(|peer| peer.trace_sharing?.offset)
        })
    };
    until("the clocks are compared", || {
        offset(&one).is_some() && offset(&other).is_some()
    })
    .await;
    let (ahead, behind) = (offset(&one).unwrap(), offset(&other).unwrap());
    assert!(
        (ahead.ahead_ms + behind.ahead_ms).abs() <= ahead.error_ms + behind.error_ms,
        "{ahead:?} {behind:?}"
    );

    // Over another channel it has to be asked anew.
    one.handle.reconnect(other.id());
    until("nobody sees more than the own side", || {
        one.merged().is_empty() && other.merged().is_empty()
    })
    .await;
    until("they can ask again", || {
        stand(&one, &other) == [Some(Standing::Apart); 2]
    })
    .await;
    one.handle.share_traces(other.id(), Wish::Ask);
    other.handle.share_traces(one.id(), Wish::Ask);
    until("both asked and so have agreed", || {
        tells_of_both(&one) && tells_of_both(&other)
    })
    .await;
    other.handle.hang_up();
    until("it ends with the call", || one.merged().is_empty()).await;
}
