//! What web-sys lacks, or declares without the exception that the standard lets it throw.

use wasm_bindgen::prelude::*;
use web_sys::{
    HtmlMediaElement, HtmlVideoElement, MediaDevices, MediaStream, MediaStreamTrack,
    RtcDataChannel, RtcPeerConnection, RtcRtpReceiver, RtcRtpSender,
};

#[wasm_bindgen]
extern "C" {
    /// `RTCPeerConnection` with its newer and its throwing methods.
    #[wasm_bindgen(extends = RtcPeerConnection, js_name = RTCPeerConnection)]
    pub(super) type PeerConnectionExt;

    #[wasm_bindgen(method, catch, js_name = setLocalDescription)]
    pub(super) fn set_local_description(
        this: &PeerConnectionExt,
    ) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setRemoteDescription)]
    pub(super) fn set_remote_description(
        this: &PeerConnectionExt,
        description: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addIceCandidate)]
    pub(super) fn add_ice_candidate(
        this: &PeerConnectionExt,
        candidate: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = addTrack)]
    pub(super) fn add_track(
        this: &PeerConnectionExt,
        track: &MediaStreamTrack,
        stream: &MediaStream,
    ) -> Result<RtcRtpSender, JsValue>;

    #[wasm_bindgen(method, catch, js_name = restartIce)]
    pub(super) fn restart_ice(this: &PeerConnectionExt) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch, js_name = createDataChannel)]
    pub(super) fn create_data_channel(
        this: &PeerConnectionExt,
        label: &str,
        init: &JsValue,
    ) -> Result<RtcDataChannel, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(super) fn sctp(this: &PeerConnectionExt) -> JsValue;

    /// `RTCRtpSender` with parameters as plain objects.
    #[wasm_bindgen(extends = RtcRtpSender, js_name = RTCRtpSender)]
    pub(super) type SenderExt;

    #[wasm_bindgen(method, catch, js_name = getParameters)]
    pub(super) fn get_parameters(this: &SenderExt) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setParameters)]
    pub(super) fn set_parameters(
        this: &SenderExt,
        parameters: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;

    /// `RTCRtpReceiver` with the sources of what it plays.
    #[wasm_bindgen(extends = RtcRtpReceiver, js_name = RTCRtpReceiver)]
    pub(super) type ReceiverExt;

    #[wasm_bindgen(method, catch, js_name = getSynchronizationSources)]
    pub(super) fn get_synchronization_sources(this: &ReceiverExt)
    -> Result<js_sys::Array, JsValue>;

    /// `MediaDevices` with `getDisplayMedia`
    /// (<https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia>).
    #[wasm_bindgen(extends = MediaDevices, js_name = MediaDevices)]
    pub(super) type MediaDevicesExt;

    #[wasm_bindgen(method, catch, js_name = getDisplayMedia)]
    pub(super) fn get_display_media(
        this: &MediaDevicesExt,
        options: &JsValue,
    ) -> Result<js_sys::Promise, JsValue>;

    /// `RTCDataChannel` with the attributes that web-sys does not have.
    #[wasm_bindgen(extends = RtcDataChannel, js_name = RTCDataChannel)]
    pub(super) type DataChannelExt;

    #[wasm_bindgen(method, getter)]
    pub(super) fn ordered(this: &DataChannelExt) -> bool;

    #[wasm_bindgen(method, getter)]
    pub(super) fn protocol(this: &DataChannelExt) -> String;

    #[wasm_bindgen(method, getter)]
    pub(super) fn negotiated(this: &DataChannelExt) -> bool;

    /// `HTMLVideoElement` with `requestVideoFrameCallback`
    /// (<https://wicg.github.io/video-rvfc/>).
    #[wasm_bindgen(extends = HtmlVideoElement, js_name = HTMLVideoElement)]
    pub(super) type VideoExt;

    #[wasm_bindgen(method, catch, js_name = requestVideoFrameCallback)]
    pub(super) fn request_video_frame_callback(
        this: &VideoExt,
        callback: &js_sys::Function,
    ) -> Result<u32, JsValue>;

    #[wasm_bindgen(method, catch, js_name = cancelVideoFrameCallback)]
    pub(super) fn cancel_video_frame_callback(this: &VideoExt, handle: u32) -> Result<(), JsValue>;

    /// `HTMLMediaElement` with `setSinkId`
    /// (<https://www.w3.org/TR/audio-output/#dom-htmlmediaelement-setsinkid>).
    #[wasm_bindgen(extends = HtmlMediaElement, js_name = HTMLMediaElement)]
    pub(super) type MediaElementExt;

    #[wasm_bindgen(method, catch, js_name = setSinkId)]
    pub(super) fn set_sink_id(
        this: &MediaElementExt,
        sink_id: &str,
    ) -> Result<js_sys::Promise, JsValue>;
}
