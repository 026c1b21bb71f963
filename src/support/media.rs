//! What captures, encodes and plays. Versions: see [`super::DATA`].

use super::{Feature, Group, Probe, named};

pub(super) const CAPTURE: Group = Group {
    title: "Camera, microphone, screen",
    features: &[
        Feature {
            name: "getUserMedia()",
            purpose: "Asks for the camera and the microphone.",
            probe: Probe::Named(
                "navigator.mediaDevices.getUserMedia",
                &["navigator.webkitGetUserMedia", "navigator.mozGetUserMedia"],
            ),
            mdn: "MediaDevices/getUserMedia",
            specification: "https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia",
            since: ["53", "36", "11"],
        },
        Feature {
            name: "enumerateDevices()",
            purpose: "Lists devices to choose from.",
            probe: named("navigator.mediaDevices.enumerateDevices"),
            mdn: "MediaDevices/enumerateDevices",
            specification: "https://w3c.github.io/mediacapture-main/#dom-mediadevices-enumeratedevices",
            since: ["47", "116", "11"],
        },
        Feature {
            name: "devicechange",
            purpose: "Notices a headset that is plugged in.",
            probe: named("navigator.mediaDevices.ondevicechange"),
            mdn: "MediaDevices/devicechange_event",
            specification: "https://w3c.github.io/mediacapture-main/#event-mediadevices-devicechange",
            since: ["57", "52", "11"],
        },
        Feature {
            name: "getDisplayMedia()",
            purpose: "Shares a screen.",
            probe: Probe::Named(
                "navigator.mediaDevices.getDisplayMedia",
                &["navigator.getDisplayMedia"],
            ),
            mdn: "MediaDevices/getDisplayMedia",
            specification: "https://w3c.github.io/mediacapture-screen-share/#dom-mediadevices-getdisplaymedia",
            since: ["72", "66", "13"],
        },
        Feature {
            name: "track.getSettings()",
            purpose: "Shows what was delivered beside what was asked for.",
            probe: named("MediaStreamTrack.prototype.getSettings"),
            mdn: "MediaStreamTrack/getSettings",
            specification: "https://w3c.github.io/mediacapture-main/#dom-mediastreamtrack-getsettings",
            since: ["59", "50", "11"],
        },
        Feature {
            name: "canvas.captureStream()",
            purpose: "Makes the synthetic camera.",
            probe: Probe::Named(
                "HTMLCanvasElement.prototype.captureStream",
                &["HTMLCanvasElement.prototype.mozCaptureStream"],
            ),
            mdn: "HTMLCanvasElement/captureStream",
            specification: "https://w3c.github.io/mediacapture-fromelement/#dom-htmlcanvaselement-capturestream",
            since: ["51", "43", "11"],
        },
        Feature {
            name: "AudioContext",
            purpose: "Measures levels, and makes the synthetic microphone.",
            probe: Probe::Named("AudioContext", &["webkitAudioContext"]),
            mdn: "AudioContext",
            specification: "https://webaudio.github.io/web-audio-api/#AudioContext",
            since: ["35", "25", "14.1"],
        },
        Feature {
            name: "permissions.query()",
            purpose: "Tells whether the camera is allowed, without asking.",
            probe: named("navigator.permissions.query"),
            mdn: "Permissions/query",
            specification: "https://w3c.github.io/permissions/#dom-permissions-query",
            since: ["64", "132", "16"],
        },
    ],
};

pub(super) const CODECS: Group = Group {
    title: "Codecs and frames",
    features: &[
        Feature {
            name: "RTCRtpSender.getCapabilities()",
            purpose: "Lists the codecs that can be sent.",
            probe: named("RTCRtpSender.getCapabilities"),
            mdn: "RTCRtpSender/getCapabilities_static",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcrtpsender-getcapabilities",
            since: ["69", "113", "12.1"],
        },
        Feature {
            name: "RTCRtpReceiver.getCapabilities()",
            purpose: "Lists the codecs that can be received.",
            probe: named("RTCRtpReceiver.getCapabilities"),
            mdn: "RTCRtpReceiver/getCapabilities_static",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcrtpreceiver-getcapabilities",
            since: ["59", "113", "12.1"],
        },
        Feature {
            name: "transceiver.setCodecPreferences()",
            purpose: "Chooses among them.",
            probe: named("RTCRtpTransceiver.prototype.setCodecPreferences"),
            mdn: "RTCRtpTransceiver/setCodecPreferences",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcrtptransceiver-setcodecpreferences",
            since: ["76", "128", "13.1"],
        },
        Feature {
            name: "sendEncodings: simulcast",
            purpose: "Sends one picture in several sizes, for an SFU to choose from.",
            probe: Probe::Simulcast,
            mdn: "RTCPeerConnection/addTransceiver",
            specification: "https://w3c.github.io/webrtc-pc/#dom-rtcrtptransceiverinit-sendencodings",
            since: ["69", "110", "14.1"],
        },
        Feature {
            name: "RTCRtpScriptTransform",
            purpose: "Encoded transforms: encrypts frames end to end.",
            probe: Probe::Named(
                "RTCRtpScriptTransform",
                &["RTCRtpSender.prototype.createEncodedStreams"],
            ),
            mdn: "RTCRtpScriptTransform",
            specification: "https://w3c.github.io/webrtc-encoded-transform/#rtcrtpscripttransform",
            since: ["141", "117", "15.4"],
        },
        Feature {
            name: "MediaRecorder",
            purpose: "Records a call.",
            probe: named("MediaRecorder"),
            mdn: "MediaRecorder",
            specification: "https://w3c.github.io/mediacapture-record/#mediarecorder-api",
            since: ["47", "25", "14.1"],
        },
    ],
};

pub(super) const PLAYING: Group = Group {
    title: "Playing and showing",
    features: &[
        Feature {
            name: "setSinkId()",
            purpose: "Plays on another loudspeaker.",
            probe: named("HTMLMediaElement.prototype.setSinkId"),
            mdn: "HTMLMediaElement/setSinkId",
            specification: "https://w3c.github.io/mediacapture-output/#dom-htmlmediaelement-setsinkid",
            since: ["49", "116", "18.4"],
        },
        Feature {
            name: "requestVideoFrameCallback()",
            purpose: "Tells when the first frame is on the screen.",
            probe: named("HTMLVideoElement.prototype.requestVideoFrameCallback"),
            mdn: "HTMLVideoElement/requestVideoFrameCallback",
            specification: "https://wicg.github.io/video-rvfc/#dom-htmlvideoelement-requestvideoframecallback",
            since: ["83", "132", "15.4"],
        },
        Feature {
            name: "requestPictureInPicture()",
            purpose: "Keeps a picture above other windows.",
            probe: named("HTMLVideoElement.prototype.requestPictureInPicture"),
            mdn: "HTMLVideoElement/requestPictureInPicture",
            specification: "https://w3c.github.io/picture-in-picture/#dom-htmlvideoelement-requestpictureinpicture",
            since: ["69", "153", "13.1"],
        },
        Feature {
            name: "requestFullscreen()",
            purpose: "Fills the screen with a picture.",
            probe: Probe::Named(
                "Element.prototype.requestFullscreen",
                &[
                    "Element.prototype.webkitRequestFullscreen",
                    "Element.prototype.mozRequestFullScreen",
                ],
            ),
            mdn: "Element/requestFullscreen",
            specification: "https://fullscreen.spec.whatwg.org/#dom-element-requestfullscreen",
            since: ["71", "64", "16.4"],
        },
    ],
};
