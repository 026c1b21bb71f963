// A call of many: one connection to each of the others.

import { negotiate } from "./call.js";

const UPLOAD_KBPS = 2400;

/** What to call when others come, speak and go. `send` takes a recipient and a signal. */
export function join(me, { send, stream, onTrack, iceServers = [] }) {
  const peers = new Map();
  return {
    peers,
    handleJoined(id) {
      const connection = new RTCPeerConnection({ iceServers });
      // Both ends come to opposite answers from the ids alone.
      const polite = me > id;
      const handle = negotiate(connection, { polite, send: (signal) => send(id, signal) });
      peers.set(id, { connection, handle });
      connection.ontrack = ({ track }) => onTrack(id, track);
      connection.onsignalingstatechange = () => {
        if (connection.signalingState === "stable") limitVideo(peers);
      };
      for (const track of stream.getTracks()) connection.addTrack(track, stream);
    },
    handleSignal: (from, signal) => peers.get(from)?.handle(signal),
    handleLeft(id) {
      peers.get(id)?.connection.close();
      peers.delete(id);
      limitVideo(peers);
    },
  };
}

/** Each picture gets its part of what a home connection carries upwards. */
export function limitVideo(peers) {
  const maxBitrate = 1000 * Math.max(100, Math.floor(UPLOAD_KBPS / peers.size));
  for (const { connection } of peers.values()) {
    for (const sender of connection.getSenders()) {
      const parameters = sender.getParameters();
      const [encoding] = parameters.encodings ?? [];
      const isPicture = sender.track?.kind === "video" && encoding;
      if (!isPicture || encoding.maxBitrate === maxBitrate) continue;
      encoding.maxBitrate = maxBitrate;
      // Fails where a negotiation ends meanwhile; after that one this is called again.
      sender.setParameters(parameters).catch(() => {});
    }
  }
}

/** How many connections a room of so many people has. */
export function connections(people) {
  return (people * (people - 1)) / 2;
}
