//! What to tell people about an error: what happened, and what to do about it. Pure.

use signaling_protocol::{ErrorCode, ErrorMessage};

use crate::error::JsError;

/// A message for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advice {
    /// The standard's own name of the error, where it has one.
    pub(crate) name: Option<String>,
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Advice {
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            name: None,
            what: what.into(),
            remedy: remedy.into(),
        }
    }

    pub(crate) fn named(
        error: &JsError,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            name: Some(error.name.clone()),
            ..Self::new(what, remedy)
        }
    }
}

/// For a part of the program that could not be loaded. `what` begins the sentence: `The code`.
pub(crate) fn for_loading(what: &str) -> Advice {
    Advice::new(
        format!("{what} could not be loaded."),
        "Check the network and try again. If that does not help, reload the page: there may be a newer version of it.",
    )
}

/// What was asked for at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Devices {
    Camera,
    Microphone,
    Both,
}

impl Devices {
    /// `None` when nothing was asked for.
    pub(crate) fn of(camera: bool, microphone: bool) -> Option<Self> {
        match (camera, microphone) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Camera),
            (false, true) => Some(Self::Microphone),
            (false, false) => None,
        }
    }

    fn either(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Microphone => "microphone",
            Self::Both => "camera or microphone",
        }
    }

    fn all(self) -> &'static str {
        match self {
            Self::Both => "camera and microphone",
            one => one.either(),
        }
    }
}

/// For an error of `getUserMedia`: <https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia>.
/// `devices` is what could not be had.
pub(crate) fn for_media(devices: Devices, error: &JsError) -> Advice {
    let (either, all) = (devices.either(), devices.all());
    let (what, remedy) = match error.name.as_str() {
        "NotAllowedError" => (
            format!("This page may not use your {all}."),
            format!(
                "Click the camera symbol in the address bar, allow the {all} for this page, and press the button again. If you were not asked, the operating system’s privacy settings may forbid the browser to use the {all}."
            ),
        ),
        "NotFoundError" => (
            format!("No {either} was found."),
            "Connect one, choose another, or go on without it.".to_owned(),
        ),
        "NotReadableError" => (
            format!("The {either} is connected but does not work."),
            "Another program or tab may be using it: close that one and press the button again."
                .to_owned(),
        ),
        "OverconstrainedError" => (
            match &error.constraint {
                Some(constraint) => {
                    format!("No {either} can do what is asked for in “{constraint}”.")
                }
                None => format!("No {either} can do what is asked for."),
            },
            "Choose another device, resolution or frame rate, or do not insist on an exact value."
                .to_owned(),
        ),
        "AbortError" => (
            format!("The {either} could not be started."),
            "Press the button again; if that does not help, unplug the device and plug it in again."
                .to_owned(),
        ),
        "SecurityError" => (
            format!("This document may not use the {all}."),
            "The browser’s settings or the embedding page forbid it: open this page in a tab of its own."
                .to_owned(),
        ),
        "TypeError" => (
            "Nothing was asked for, or the page is not in a secure context.".to_owned(),
            "Switch on the camera or the microphone and press the button again.".to_owned(),
        ),
        "NotSupportedError" => (
            format!("This page cannot reach the {all}."),
            "Open it over HTTPS or on localhost, or use the synthetic camera.".to_owned(),
        ),
        _ => (
            error.message.clone(),
            "Press the button again; the event log below shows what led to it.".to_owned(),
        ),
    };
    Advice::named(error, what, remedy)
}

/// For an error of `getDisplayMedia`: <https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia>.
pub(crate) fn for_screen(error: &JsError) -> Advice {
    let (what, remedy) = match error.name.as_str() {
        "NotAllowedError" => (
            "The screen is not shared.",
            "You closed the browser’s prompt, or the operating system does not let the browser record the screen: allow it in the system’s privacy settings.",
        ),
        "NotFoundError" => (
            "There is nothing to share.",
            "Open the window that you want to share and try again.",
        ),
        "NotReadableError" | "AbortError" => (
            "The screen could not be captured.",
            "Another program may be preventing it: try again, or share another window.",
        ),
        "NotSupportedError" => (
            "This page cannot share the screen.",
            "Open it over HTTPS or on localhost; browsers on Android cannot do it at all, nor can those on iPhones before iOS 27.",
        ),
        "InvalidStateError" => (
            "The browser needs a click before it asks what to share.",
            "Press Share screen again.",
        ),
        _ => (error.message.as_str(), "Press Share screen again."),
    };
    Advice::named(error, what, remedy)
}

/// For an error of choosing or using a loudspeaker.
pub(crate) fn for_speaker(error: &JsError) -> Advice {
    let (what, remedy) = match error.name.as_str() {
        "NotFoundError" => (
            "The loudspeaker is no longer there.",
            "Choose another one and play the tone again.",
        ),
        "NotAllowedError" => (
            "The page may not use this loudspeaker, or may not play sound yet.",
            "Choose another one, or click into the page and play the tone again.",
        ),
        "NotSupportedError" => (
            "This browser does not let a page choose the loudspeaker.",
            "Choose it in the operating system’s sound settings.",
        ),
        _ => (error.message.as_str(), "Play the tone again."),
    };
    Advice::named(error, what, remedy)
}

/// For an error of full screen or picture-in-picture.
pub(crate) fn for_enlarging(error: &JsError) -> Advice {
    let (what, remedy) = match error.name.as_str() {
        "InvalidStateError" => (
            "There is no video to enlarge yet.",
            "Wait until it appears, then press the button again.",
        ),
        "NotAllowedError" | "TypeError" => (
            "The browser does not allow this now.",
            "Click into the page and press the button again. If the page is embedded in another, open it in a tab of its own.",
        ),
        "NotSupportedError" => (
            "This browser does not offer this here.",
            "Use the browser’s own menu of the video, if it has one.",
        ),
        _ => (error.message.as_str(), "Press the button again."),
    };
    Advice::named(error, what, remedy)
}

/// For an error of the page's own files (<https://fs.spec.whatwg.org/>), with a recording in them.
pub(crate) fn for_kept(error: &JsError) -> Advice {
    let (what, remedy) = match error.name.as_str() {
        "NotFoundError" => (
            "The recording is no longer there.",
            "It was deleted, perhaps in another tab, or with the browser’s data for this page.",
        ),
        "NoModificationAllowedError" => (
            "The recording is in use.",
            "Another tab or a download needs it. Try again when that is over.",
        ),
        _ => (
            "The browser could not do that.",
            "Reload the page, and try again.",
        ),
    };
    Advice::named(error, what, remedy)
}

/// For an error of a peer connection or data channel.
pub(crate) fn for_connection(error: &JsError) -> Advice {
    Advice::named(
        error,
        error.message.clone(),
        "Start again; the event log below shows what led to it.",
    )
}

/// For a connection that could not even be made, perhaps because of the ICE servers that somebody
/// entered (<https://www.w3.org/TR/webrtc/#dom-rtcconfiguration-iceservers>).
pub(crate) fn for_servers(error: &JsError) -> Advice {
    let is_theirs = matches!(
        error.name.as_str(),
        "SyntaxError" | "InvalidAccessError" | "NotSupportedError" | "TypeError"
    );
    if !is_theirs {
        return for_connection(error);
    }
    Advice::named(
        error,
        format!(
            "The browser does not accept these servers: {}",
            error.message
        ),
        "Correct the address of the server that it names, or clear the field to do without servers.",
    )
}

/// For an error of [`DataChannel::send_text`](crate::rtc::data_channel::DataChannel::send_text)
/// and its like.
pub(crate) fn for_sending(error: &JsError) -> Advice {
    let (what, remedy) = match error.name.as_str() {
        "OperationError" => (
            "The channel’s send queue is full; this message was not sent.",
            "Wait until bufferedAmount has fallen, then send again. The channel is still open.",
        ),
        "InvalidStateError" => (
            "The channel is not open; the message was not sent.",
            "Press Stop, then Start, and send again when the channel is open.",
        ),
        _ => return for_connection(error),
    };
    Advice::named(error, what, remedy)
}

/// For a message over `maxMessageSize`, which is infinite where there is no limit. Both in bytes.
pub(crate) fn for_oversize(size: u64, max: f64) -> Option<Advice> {
    (size as f64 > max).then(|| {
        Advice::new(
            format!(
                "The message has {size} bytes; this connection takes at most {max} in one message (maxMessageSize)."
            ),
            "Send less, or split it into several messages. Nothing was sent, and the channel is still open.",
        )
    })
}

/// For a refusal by the signaling server.
pub(crate) fn for_refusal(error: &ErrorMessage) -> Advice {
    let of_the_room = match error.code {
        ErrorCode::RoomLocked => Some(("This meeting is locked.", "Ask a host to unlock it.")),
        ErrorCode::PassphraseRequired => Some((
            "This meeting has a passphrase.",
            "Enter the one that came with the invitation, and try again.",
        )),
        ErrorCode::WrongPassphrase => Some((
            "This is not the passphrase of the meeting.",
            "Check capital letters and spaces, or ask the person who invited you.",
        )),
        ErrorCode::NotAdmitted => Some((
            "You were not let in.",
            "Ask the person who invited you whether this is the right meeting.",
        )),
        ErrorCode::RoomClosed => Some((
            "Everyone has left the meeting that you were waiting to join.",
            "Try again to start a new one.",
        )),
        ErrorCode::NotAllowed => Some((
            "Only hosts of the meeting can do this.",
            "Ask a host to do it, or to make you a host.",
        )),
        ErrorCode::RemovedByHost => Some((
            "A host removed you from this meeting.",
            "Ask a host about it. You can join again when everyone has left the meeting.",
        )),
        ErrorCode::Overtaken => Some((
            "A host decided something else before your passphrase was ready.",
            "Look at how newcomers get in now, and set it again if you still want to.",
        )),
        ErrorCode::Busy => Some((
            "The passphrase could not be checked just now.",
            "Wait a moment and try again.",
        )),
        _ => None,
    };
    if let Some((what, remedy)) = of_the_room {
        return Advice::new(what, remedy);
    }
    let remedy = match error.code {
        ErrorCode::RoomFull => "Wait until someone leaves and try again, or agree on another room.",
        ErrorCode::InvalidRoom => "Choose another name for the room.",
        ErrorCode::InvalidName => "Choose another name for yourself.",
        ErrorCode::OriginNotAllowed => {
            "Open the page from an address that may use this server, or ask the server’s owner to allow this one (--allowed-origins)."
        }
        ErrorCode::ServerFull => "Try again in a few minutes.",
        ErrorCode::RateLimited => "Wait a moment and try again.",
        _ => "Try again; if it happens again, reload the page.",
    };
    Advice::new(error.message.clone(), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_get_user_media_has_its_own_message() {
        let names = [
            "NotAllowedError",
            "NotFoundError",
            "NotReadableError",
            "OverconstrainedError",
            "AbortError",
            "SecurityError",
            "TypeError",
        ];
        let advice: Vec<_> = names
            .iter()
            .map(|name| for_media(Devices::Both, &JsError::new(*name, "browser's text")))
            .collect();
        for (index, one) in advice.iter().enumerate() {
            assert_eq!(one.name.as_deref(), Some(names[index]));
            assert!(!one.what.contains("browser's text"), "{one:?}");
            assert!(advice[..index].iter().all(|other| other.what != one.what));
        }
    }

    #[test]
    fn an_error_names_the_device_and_not_the_other() {
        for name in [
            "NotAllowedError",
            "NotFoundError",
            "NotReadableError",
            "OverconstrainedError",
            "AbortError",
        ] {
            let error = JsError::new(name, "");
            let camera = for_media(Devices::Camera, &error).what;
            assert!(camera.contains("camera") && !camera.contains("microphone"));
            let microphone = for_media(Devices::Microphone, &error).what;
            assert!(microphone.contains("microphone") && !microphone.contains("camera"));
        }
    }

    #[test]
    fn an_overconstrained_error_names_the_constraint() {
        let error = JsError {
            constraint: Some("frameRate".to_owned()),
            ..JsError::new("OverconstrainedError", "")
        };
        let advice = for_media(Devices::Camera, &error);
        assert!(advice.what.contains("frameRate"));
    }

    #[test]
    fn only_a_message_over_the_limit_is_refused_and_both_sizes_are_named() {
        assert_eq!(for_oversize(262_144, 262_144.0), None);
        assert_eq!(for_oversize(u64::MAX, f64::INFINITY), None);
        let advice = for_oversize(262_145, 262_144.0).unwrap();
        assert!(advice.what.contains("262145") && advice.what.contains("262144"));
    }

    #[test]
    fn what_hosts_decide_is_told_in_words_for_people() {
        let codes = [
            ErrorCode::RoomLocked,
            ErrorCode::PassphraseRequired,
            ErrorCode::WrongPassphrase,
            ErrorCode::NotAdmitted,
            ErrorCode::RoomClosed,
            ErrorCode::NotAllowed,
            ErrorCode::Busy,
        ];
        let advice = codes.map(|code| for_refusal(&ErrorMessage::new(code, "server's text")));
        for (index, one) in advice.iter().enumerate() {
            assert!(!one.what.contains("server's text"), "{one:?}");
            assert!(advice[..index].iter().all(|other| other.what != one.what));
        }
        let full = ErrorMessage::new(ErrorCode::RoomFull, "server's text");
        assert_eq!(for_refusal(&full).what, "server's text");
    }

    #[test]
    fn an_unknown_error_shows_the_browsers_own_text() {
        let error = JsError::new("StrangeError", "the dog ate it");
        let advice = for_media(Devices::Microphone, &error);
        assert_eq!(advice.what, "the dog ate it");
    }
}
