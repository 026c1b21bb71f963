//! Which of several connections a view looks at. Pure.

use super::descriptions::Descriptions;
use super::paths::Paths;

/// Of those that are `there`: the one that somebody chose, in whichever view, or its other end; else
/// the first that is open, or the last.
pub(crate) fn looked_at(
    there: &[u32],
    chosen: Option<u32>,
    paths: &Paths,
    descriptions: &Descriptions,
) -> Option<u32> {
    let other_end = chosen.and_then(|chosen| descriptions.other_end(chosen));
    let wanted = [chosen, other_end, paths.first_open()];
    let mut wanted = wanted.into_iter().flatten();
    let found = wanted.find(|wanted| there.contains(wanted));
    found.or_else(|| there.last().copied())
}

#[cfg(test)]
mod tests {
    use signaling_protocol::{SdpType, SessionDescription};

    use super::*;
    use crate::trace::{Payload, Side, Trace, Tracer};

    fn set(tracer: &Tracer, side: Side) {
        let (kind, sdp) = (SdpType::Offer, "v=0".to_owned());
        let description = SessionDescription { kind, sdp };
        let payload = Payload::Description { side, description };
        tracer.with(payload).call("set", "");
    }

    #[test]
    fn the_choice_counts_then_its_other_end_then_what_is_open() {
        let trace = Trace::new(|| 0.0);
        let [closed, open, one, other] = [(); 4].map(|()| trace.tracer("ada").for_connection());
        closed.call("close", "");
        open.call("new RTCPeerConnection", "");
        set(&one, Side::Local);
        set(&other, Side::Remote);
        let (mut paths, mut descriptions) = (Paths::default(), Descriptions::default());
        paths.follow(trace.ids(), |ids, f| trace.each(ids, f));
        descriptions.follow(trace.ids(), |ids, f| trace.each(ids, f));
        for (there, chosen, looked) in [
            (&[][..], Some(1), None),
            (&[1, 2, 3, 4], Some(1), Some(1)),
            (&[1, 2, 3, 4], Some(4), Some(4)),
            (&[1, 2, 3, 4], None, Some(2)),
            (&[1, 2, 3, 4], Some(9), Some(2)),
            (&[1, 2, 3], Some(4), Some(3)),
            (&[1, 2, 4], Some(3), Some(4)),
            (&[1, 8], Some(4), Some(8)),
            (&[1, 8], None, Some(8)),
        ] {
            let found = looked_at(there, chosen, &paths, &descriptions);
            assert_eq!(found, looked, "{chosen:?} of {there:?}");
        }
    }
}
