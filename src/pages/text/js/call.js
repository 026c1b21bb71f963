// A call between two people, over any signaling that carries messages in order.

/** Perfect negotiation: either side may start, add or drop media, also at the same moment.
 *  Gives back what is to be called with each signal of the other side. */
export function negotiate(connection, { polite, send }) {
  let makingOffer = false;
  let ignoringOffer = false;
  let settingAnswer = false;
  // The very first offers never cross: the impolite side speaks, the other waits for it.
  let awaitingFirstOffer = polite;
  connection.onnegotiationneeded = async () => {
    if (awaitingFirstOffer) return;
    makingOffer = true;
    await connection.setLocalDescription().finally(() => { makingOffer = false; });
    send({ description: connection.localDescription });
  };
  connection.onicecandidate = ({ candidate }) => candidate && send({ candidate });
  connection.onconnectionstatechange = () => {
    if (connection.connectionState === "failed") connection.restartIce();
  };
  return async ({ description, candidate }) => {
    if (!description) {
      // Those of an offer that was ignored belong to nothing here.
      return connection.addIceCandidate(candidate).catch((error) => {
        if (!ignoringOffer) throw error;
      });
    }
    const isOffer = description.type === "offer";
    const ready = !makingOffer && (connection.signalingState === "stable" || settingAnswer);
    ignoringOffer = isOffer && !ready && !polite;
    if (ignoringOffer) return;
    settingAnswer = !isOffer;
    await connection.setRemoteDescription(description); // Takes our own offer back, if need be.
    settingAnswer = false;
    if (!isOffer) return;
    awaitingFirstOffer = false;
    await connection.setLocalDescription();
    send({ description: connection.localDescription });
  };
}

/** Joins a call. `signaling` is anything with `postMessage` and `onmessage`. */
export function call(signaling, { polite, iceServers = [], stream, onTrack }) {
  const connection = new RTCPeerConnection({ iceServers });
  // The candidates and descriptions are objects of the browser: as JSON they travel.
  const send = (signal) => signaling.postMessage(JSON.stringify(signal));
  const handle = negotiate(connection, { polite, send });
  signaling.onmessage = ({ data }) => handle(JSON.parse(data));
  connection.ontrack = ({ track, streams }) => onTrack(track, streams[0]);
  for (const track of stream.getTracks()) connection.addTrack(track, stream);
  if (!polite) connection.createDataChannel("call");
  return connection;
}
