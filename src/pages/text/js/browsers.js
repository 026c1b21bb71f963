// What this browser has of WebRTC, found out without using it.

/** Whether there is something of this name. Reading an attribute of a prototype throws; `in` does not. */
export function exists(path) {
  const names = path.split(".");
  const name = names.pop();
  const holder = names.reduce((object, name) => object?.[name], globalThis);
  return Object(holder) === holder && name in holder;
}

/** Ask for the feature, not for the browser’s name. */
export function features() {
  return {
    camera: exists("navigator.mediaDevices.getUserMedia"),
    screen: exists("navigator.mediaDevices.getDisplayMedia"),
    loudspeaker: exists("HTMLMediaElement.prototype.setSinkId"),
    codecs: exists("RTCRtpSender.getCapabilities"),
    encodedTransforms: exists("RTCRtpScriptTransform"),
    // A function that needs an argument says so in its `length`.
    implicitDescription: RTCPeerConnection.prototype.setLocalDescription.length === 0,
    simulcast: simulcast(),
  };
}

/** An option that is not known is passed over without an error: so use it, and read back. */
export function simulcast() {
  const connection = new RTCPeerConnection();
  try {
    const sendEncodings = [{ rid: "h" }, { rid: "l" }];
    const { sender } = connection.addTransceiver("video", { sendEncodings });
    return sender.getParameters().encodings.length === 2;
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

/** The codecs of a kind, `audio` or `video`, in the order of preference. */
export function codecs(kind) {
  const list = (side) => side.getCapabilities?.(kind)?.codecs.map(({ mimeType, sdpFmtpLine }) =>
    sdpFmtpLine ? `${mimeType} (${sdpFmtpLine})` : mimeType);
  return { sent: list(RTCRtpSender), received: list(RTCRtpReceiver) };
}

/** A text to hand on. */
export function report() {
  const found = Object.entries(features());
  const lines = found.map(([name, there]) => `${there ? "present" : "missing"}: ${name}`);
  return [navigator.userAgent, ...lines].join("\n");
}
