// One RTCDataChannel between two peers in one page.

import { join } from "./peer-connection.js";

const HIGH_WATER_MARK = 4 * 1024 * 1024;
const LOW_WATER_MARK = 1024 * 1024;

/** Makes a channel. The other end learns of it by an event, unless both agreed on an `id`. */
export function open(options, onMessage) {
  const [localPeer, remotePeer] = [new RTCPeerConnection(), new RTCPeerConnection()];
  join(localPeer, remotePeer);
  const channel = localPeer.createDataChannel("sendDataChannel", options);
  channel.binaryType = "arraybuffer";
  channel.bufferedAmountLowThreshold = LOW_WATER_MARK;
  const receive = (channel) => {
    channel.binaryType = "arraybuffer";
    channel.onmessage = ({ data }) => onMessage(data);
  };
  if (options?.negotiated) receive(remotePeer.createDataChannel("sendDataChannel", options));
  else remotePeer.ondatachannel = ({ channel }) => receive(channel);
  return { channel, localPeer, remotePeer };
}

/** Waits until messages can be sent. */
export function opened(channel) {
  return new Promise((resolve, reject) => {
    if (channel.readyState === "open") resolve();
    channel.addEventListener("open", resolve, { once: true });
    channel.addEventListener("close", reject, { once: true });
  });
}

/** Sends one message, after waiting until the queue has room: backpressure. */
export async function sendWhenRoom(channel, message) {
  if (channel.bufferedAmount > HIGH_WATER_MARK) {
    const heard = new AbortController(); // One event is enough; the others are heard no more.
    await new Promise((resolve) => {
      for (const event of ["bufferedamountlow", "closing", "close"]) {
        channel.addEventListener(event, resolve, { signal: heard.signal });
      }
    });
    heard.abort();
  }
  channel.send(message); // Throws when the channel is not open any more.
}
