// Where this browser can be reached: its ICE candidates, without any call.

/** Gathers all candidates. `onError` hears of servers that did not help. */
export async function gather(iceServers, onCandidate, onError) {
  const connection = new RTCPeerConnection({ iceServers });
  connection.onicecandidate = ({ candidate }) => {
    // `null` says that all are there, an empty one that a generation is.
    if (candidate?.candidate) onCandidate(describe(candidate));
  };
  connection.onicecandidateerror = ({ url, errorCode, errorText }) => {
    onError?.(url, errorCode, errorText);
  };
  const complete = new Promise((resolve) => {
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState === "complete") resolve();
    };
  });
  // Something to negotiate: without it nothing is gathered.
  connection.createDataChannel("gathering");
  await connection.setLocalDescription();
  await complete;
  connection.close();
}

/** A candidate’s parts; its priority taken apart as in RFC 8445, section 5.1.2.1. */
export function describe({ type, protocol, address, port, relatedAddress, priority }) {
  return {
    type, // host, srflx, prflx or relay
    protocol,
    address,
    port,
    relatedAddress,
    typePreference: priority >>> 24,
    localPreference: (priority >>> 8) & 0xffff,
    component: 256 - (priority & 0xff),
  };
}
