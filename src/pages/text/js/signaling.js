// Signaling over a WebSocket to this tour’s server, in the least that makes a call.

/** Enters a room. The handlers hear who is there, what they signal, and who goes. */
export function enter(address, room, { onPeer, onSignal, onLeft, onError }) {
  const socket = new WebSocket(address, "webrtc-tour.v1");
  const send = (message) => socket.send(JSON.stringify(message));
  let me;
  socket.onopen = () => send({ type: "join", kind: "call", room });
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    switch (message.type) {
      case "joined":
        me = message.peerId;
        for (const { peerId } of message.peers) onPeer(peerId, me > peerId);
        break;
      case "peerJoined":
        onPeer(message.peerId, me > message.peerId);
        break;
      case "signal":
        onSignal(message.from, message.signal);
        break;
      case "peerLeft":
        onLeft?.(message.peerId);
        break;
      case "error":
        onError?.(message.code, message.message);
    }
  };
  return {
    signal: (to, signal) => send({ type: "signal", to, signal }),
    leave: () => socket.close(1000),
  };
}
