//! What connects, sends and signals. Versions: see [`super::DATA`].

use super::{Feature, Group, Probe, named};

pub(super) const CONNECTION: Group = Group {
    title: "The connection",
    features: &[
        Feature {
            name: "RTCPeerConnection",
            purpose: "Connects two browsers.",
            probe: Probe::Named(
                "RTCPeerConnection",
                &["webkitRTCPeerConnection", "mozRTCPeerConnection"],
            ),
            mdn: "RTCPeerConnection",
            specification: "https://w3c.github.io/webrtc-pc/#interface-definition",
            since: ["56", "44", "11"],
        },
        Feature {
            name: "setLocalDescription() without a description",
            purpose: "Makes the offer or the answer that the state asks for; perfect negotiation rests on it.",
            probe: Probe::WithoutArguments("RTCPeerConnection.prototype.setLocalDescription"),
            mdn: "RTCPeerConnection/setLocalDescription",
            specification: "https://w3c.github.io/webrtc-pc/#dom-peerconnection-setlocaldescription",
            since: ["80", "75", "14.1"],
        },
        Feature {
            name: "addTrack()",
            purpose: "Sends a track.",
            probe: named("RTCPeerConnection.prototype.addTrack"),
            mdn: "RTCPeerConnection/addTrack",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcpeerconnection-addtrack",
            since: ["64", "22", "11"],
        },
        Feature {
            name: "sender.replaceTrack()",
            purpose: "Takes another camera without a new offer.",
            probe: named("RTCRtpSender.prototype.replaceTrack"),
            mdn: "RTCRtpSender/replaceTrack",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcrtpsender-replacetrack",
            since: ["65", "34", "11"],
        },
        Feature {
            name: "sender.setParameters()",
            purpose: "Limits the bitrate in a call of many.",
            probe: named("RTCRtpSender.prototype.setParameters"),
            mdn: "RTCRtpSender/setParameters",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcrtpsender-setparameters",
            since: ["68", "64", "11"],
        },
        Feature {
            name: "connectionState",
            purpose: "Shows how the connection is.",
            probe: named("RTCPeerConnection.prototype.connectionState"),
            mdn: "RTCPeerConnection/connectionState",
            specification: "https://w3c.github.io/webrtc-pc/#dom-peerconnection-connection-state",
            since: ["72", "113", "11"],
        },
        Feature {
            name: "restartIce()",
            purpose: "Finds a new way after a change of network.",
            probe: named("RTCPeerConnection.prototype.restartIce"),
            mdn: "RTCPeerConnection/restartIce",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcpeerconnection-restartice",
            since: ["77", "70", "14.1"],
        },
        Feature {
            name: "getStats()",
            purpose: "Measures bitrates, and names the selected pair.",
            probe: named("RTCPeerConnection.prototype.getStats"),
            mdn: "RTCPeerConnection/getStats",
            specification: "https://w3c.github.io/webrtc-pc/#widl-RTCPeerConnection-getStats-Promise-RTCStatsReport--MediaStreamTrack-selector",
            since: ["24", "27", "11"],
        },
        Feature {
            name: "receiver.getSynchronizationSources()",
            purpose: "Shows who speaks.",
            probe: named("RTCRtpReceiver.prototype.getSynchronizationSources"),
            mdn: "RTCRtpReceiver/getSynchronizationSources",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcrtpreceiver-getsynchronizationsources",
            since: ["73", "59", "12.1"],
        },
        Feature {
            name: "dtlsTransport.getRemoteCertificates()",
            purpose: "Gives the certificate for the verification code.",
            probe: named("RTCDtlsTransport.prototype.getRemoteCertificates"),
            mdn: "RTCDtlsTransport/getRemoteCertificates",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcdtlstransport-getremotecertificates",
            since: ["72", "153", "15.4"],
        },
    ],
};

pub(super) const DATA: Group = Group {
    title: "Data channels",
    features: &[
        Feature {
            name: "createDataChannel()",
            purpose: "Sends text and bytes.",
            probe: named("RTCPeerConnection.prototype.createDataChannel"),
            mdn: "RTCPeerConnection/createDataChannel",
            specification: "https://w3c.github.io/webrtc-pc/#dom-peerconnection-createdatachannel",
            since: ["24", "22", "11"],
        },
        Feature {
            name: "bufferedAmountLowThreshold",
            purpose: "Waits until there is room for more.",
            probe: named("RTCDataChannel.prototype.bufferedAmountLowThreshold"),
            mdn: "RTCDataChannel/bufferedAmountLowThreshold",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcdatachannel-bufferedamountlowthreshold",
            since: ["46", "44", "11"],
        },
        Feature {
            name: "maxPacketLifeTime",
            purpose: "Gives up on messages that come too late.",
            probe: named("RTCDataChannel.prototype.maxPacketLifeTime"),
            mdn: "RTCDataChannel/maxPacketLifeTime",
            specification: "https://w3c.github.io/webrtc-pc/#dom-datachannel-maxpacketlifetime",
            since: ["56", "62", "11"],
        },
        Feature {
            name: "sctp.maxMessageSize",
            purpose: "Tells how large a message may be.",
            probe: named("RTCSctpTransport.prototype.maxMessageSize"),
            mdn: "RTCSctpTransport/maxMessageSize",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcsctptransport-maxmessagesize",
            since: ["76", "113", "15.4"],
        },
    ],
};

pub(super) const SIGNALING: Group = Group {
    title: "Signaling and what is around it",
    features: &[
        Feature {
            name: "WebSocket",
            purpose: "Carries signals to the server and back.",
            probe: named("WebSocket"),
            mdn: "WebSocket",
            specification: "https://websockets.spec.whatwg.org/#the-websocket-interface",
            since: ["5", "11", "5"],
        },
        Feature {
            name: "EventSource",
            purpose: "Carries the signals of a database.",
            probe: named("EventSource"),
            mdn: "EventSource",
            specification: "https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface",
            since: ["6", "6", "5"],
        },
        Feature {
            name: "BroadcastChannel",
            purpose: "Carries signals between two tabs.",
            probe: named("BroadcastChannel"),
            mdn: "BroadcastChannel",
            specification: "https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts",
            since: ["54", "38", "15.4"],
        },
        Feature {
            name: "navigator.locks",
            purpose: "Tells which tabs are still there.",
            probe: named("navigator.locks"),
            mdn: "Navigator/locks",
            specification: "https://w3c.github.io/web-locks/#dom-navigatorlocks-locks",
            since: ["69", "96", "15.4"],
        },
        Feature {
            name: "clipboard.writeText()",
            purpose: "Copies an invitation.",
            probe: named("navigator.clipboard.writeText"),
            mdn: "Clipboard/writeText",
            specification: "https://w3c.github.io/clipboard-apis/#dom-clipboard-writetext",
            since: ["66", "63", "13.1"],
        },
    ],
};
