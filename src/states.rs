//! The states of connections, transports and channels, as enums spelt as the standard spells them.
//!
//! On the ground floor: what decides, carries and shows compares these, and only the adapter reads the
//! browser's words. It must not know where a state comes from or what follows from it.

use std::fmt;

/// An enum whose variants are words of a standard, and one for any other word.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$of])* $variant,)+
            /// A word that this page does not know, of a newer browser; or none, of an older.
            Unknown,
        }

        impl $name {
            /// All that the standard has, in its order.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The standard's word.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown => "unknown",
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    _ => Self::Unknown,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// <https://www.w3.org/TR/webrtc/#rtcsignalingstate-enum>
    SignalingState {
        Stable = "stable",
        HaveLocalOffer = "have-local-offer",
        HaveRemoteOffer = "have-remote-offer",
        HaveLocalPranswer = "have-local-pranswer",
        HaveRemotePranswer = "have-remote-pranswer",
        Closed = "closed",
    }
}

words! {
    /// <https://www.w3.org/TR/webrtc/#rtcicegatheringstate-enum>
    IceGatheringState {
        New = "new",
        Gathering = "gathering",
        Complete = "complete",
    }
}

words! {
    /// <https://www.w3.org/TR/webrtc/#rtciceconnectionstate-enum>
    IceConnectionState {
        Closed = "closed",
        Failed = "failed",
        Disconnected = "disconnected",
        New = "new",
        Checking = "checking",
        Completed = "completed",
        Connected = "connected",
    }
}

words! {
    /// <https://www.w3.org/TR/webrtc/#rtcpeerconnectionstate-enum>
    ConnectionState {
        Closed = "closed",
        Failed = "failed",
        Disconnected = "disconnected",
        New = "new",
        Connecting = "connecting",
        Connected = "connected",
    }
}

words! {
    /// <https://www.w3.org/TR/webrtc/#rtcdtlstransportstate-enum>
    DtlsTransportState {
        New = "new",
        Connecting = "connecting",
        Connected = "connected",
        Closed = "closed",
        Failed = "failed",
    }
}

words! {
    /// <https://www.w3.org/TR/webrtc/#rtcdatachannelstate-enum>
    DataChannelState {
        Connecting = "connecting",
        Open = "open",
        Closing = "closing",
        Closed = "closed",
    }
}

impl SignalingState {
    /// Whether our offer has no final answer yet.
    pub(crate) fn awaits_answer(self) -> bool {
        matches!(self, Self::HaveLocalOffer | Self::HaveRemotePranswer)
    }

    /// Whether the other end's offer has no final answer yet.
    pub(crate) fn owes_answer(self) -> bool {
        matches!(self, Self::HaveRemoteOffer | Self::HaveLocalPranswer)
    }
}

impl IceConnectionState {
    /// Whether a pair of candidates works; `completed` only adds that no better one is looked for.
    pub fn is_connected(self) -> bool {
        matches!(self, Self::Connected | Self::Completed)
    }
}

/// The four states of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionStates {
    pub signaling: SignalingState,
    pub ice_gathering: IceGatheringState,
    pub ice_connection: IceConnectionState,
    pub connection: ConnectionState,
}

impl ConnectionStates {
    /// Those of a connection that was just made.
    pub(crate) fn initial() -> Self {
        Self {
            signaling: SignalingState::Stable,
            ice_gathering: IceGatheringState::New,
            ice_connection: IceConnectionState::New,
            connection: ConnectionState::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_read_as_it_is_written() {
        macro_rules! check {
            ($($name:ident)+) => {$(
                for state in $name::ALL {
                    assert_eq!($name::from(state.as_str()), *state);
                    assert_eq!(state.to_string(), state.as_str());
                }
            )+};
        }
        check!(SignalingState IceGatheringState IceConnectionState ConnectionState);
        check!(DtlsTransportState DataChannelState);
    }

    #[test]
    fn a_word_of_a_newer_browser_is_no_state_that_is_known() {
        for word in ["enlightened", "", "Connected", "unknown"] {
            assert_eq!(ConnectionState::from(word), ConnectionState::Unknown);
        }
        assert!(!IceConnectionState::from("completed-twice").is_connected());
    }
}
