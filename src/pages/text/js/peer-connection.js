// Two RTCPeerConnections in one page. Between machines, signaling would take the place of `join`.

/** Sends `stream` from one peer to the other; `onTrack` gets what arrives there. */
export function call(stream, onTrack) {
  const [localPeer, remotePeer] = [new RTCPeerConnection(), new RTCPeerConnection()];
  join(localPeer, remotePeer);
  remotePeer.ontrack = ({ track, streams }) => onTrack(track, streams[0]);
  // From here on there is something to negotiate: `negotiationneeded` is fired.
  for (const track of stream.getTracks()) localPeer.addTrack(track, stream);
  return { localPeer, remotePeer };
}

/** Carries each end’s descriptions and candidates to the other. */
export function join(localPeer, remotePeer) {
  localPeer.onnegotiationneeded = () => negotiate(localPeer, remotePeer);
  for (const [from, to] of [[localPeer, remotePeer], [remotePeer, localPeer]]) {
    // The last candidate is `null`; only old code reads it.
    from.onicecandidate = ({ candidate }) => candidate && to.addIceCandidate(candidate);
  }
}

/** One round of offer and answer. The browser makes the description that its state asks for. */
export async function negotiate(offerer, answerer) {
  await offerer.setLocalDescription();
  await answerer.setRemoteDescription(offerer.localDescription);
  await answerer.setLocalDescription();
  await offerer.setRemoteDescription(answerer.localDescription);
}

/** The two ends between which media travel. Firefox marks the pair, others name it. */
export async function selectedPair(connection) {
  const stats = await connection.getStats();
  const all = [...stats.values()];
  const transport = all.find((entry) => entry.selectedCandidatePairId);
  const pair = transport
    ? stats.get(transport.selectedCandidatePairId)
    : all.find((entry) => entry.type === "candidate-pair" && entry.selected);
  return pair && [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
}

/** No event follows `close()`: who shows states must set them here. */
export function hangUp({ localPeer, remotePeer }) {
  localPeer.close();
  remotePeer.close();
}
