// What protects a connection, and what somebody in the middle of the signaling can do all the same.

import { negotiate } from "./call.js";

/** Whether this page may ask for camera and microphone at all. */
export function context() {
  return { origin: location.origin, secure: isSecureContext };
}

/** Asks the browser, not the person. `tell` hears the state now, and again when it changes. */
export async function watchPermission(name, tell) {
  const status = await navigator.permissions.query({ name }); // "camera" or "microphone"
  tell(status.state);
  status.onchange = () => tell(status.state);
  return status;
}

/** What both ends agreed on. Browsers leave out what they do not tell. */
export async function negotiated(connection) {
  const stats = await connection.getStats();
  const transport = [...stats.values()].find(({ type }) => type === "transport");
  const certificate = (id) => stats.get(id)?.fingerprint;
  return {
    version: { FEFD: "DTLS 1.2", FEFC: "DTLS 1.3" }[transport?.tlsVersion],
    cipher: transport?.dtlsCipher,
    profile: transport?.srtpCipher,
    own: certificate(transport?.localCertificateId),
    others: certificate(transport?.remoteCertificateId),
  };
}

/** The one certificate that a description announces. */
export function fingerprint({ sdp }) {
  const all = new Set(sdp.match(/(?<=^a=fingerprint:).*$/gm));
  if (all.size !== 1) throw new Error(`${all.size} certificates, and a code stands for one`);
  return [...all][0];
}

const DOMAIN = new TextEncoder().encode("webrtc-tour verification code 1\0");
const ROUNDS = 2 ** 14; // What one try costs somebody who looks for a certificate with the same code.

/** Six pictures and twelve digits. Both ends compute the same, whichever is whose. */
export async function verificationCode(one, other) {
  // Texts of hexadecimal digits have the order of the bytes that they stand for.
  const both = [one, other].map((text) => text.toLowerCase()).sort();
  let hash = both.reduce((bytes, text) => {
    const [algorithm, digits] = text.split(" ");
    const name = new TextEncoder().encode(algorithm);
    const value = digits.split(":").map((pair) => parseInt(pair, 16));
    return [...bytes, name.length, ...name, value.length, ...value];
  }, [...DOMAIN]);
  for (let round = 0; round < ROUNDS; round += 1) {
    hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(hash)));
  }
  const signs = [...hash.subarray(0, 6)].map((byte) => SIGNS[byte % SIGNS.length]);
  const number = new DataView(hash.buffer).getBigUint64(6) % 10n ** 12n;
  const groups = String(number).padStart(12, "0").match(/..../g);
  return `${signs.join("")} ${groups.join(" ")}`;
}

/** The pictures of a code. */
export const SIGNS = [
  ..."🐶🐱🦁🐴🐷🐘🐰🐼🐓🐧🦉🐢🐍🐟🐙🦀",
  ..."🦋🐝🐌🐪🌻🌳🌵🍄🌍🌙⭐🌈🔥🍌🍎🍓",
  ..."🍋🍇🌽🥕🧀🍕🎂🤖🎩👓👑👞☔⌛🎁💡",
  ..."📕📎🔑🔨📞🚂🚲🚀⛵⚓🏠🏆⚽🎸🔔🎈",
];

/** Carries the signals of two ends to each other, honestly. */
export function introduce(one, other) {
  const toOther = (signal) => handleOther(signal);
  const handleOne = negotiate(one, { polite: false, send: toOther });
  const handleOther = negotiate(other, { polite: true, send: handleOne });
}

/** Keeps the signals and answers both people itself, as if it were the other one. */
export function intercept(alice, bob) {
  const [towardsAlice, towardsBob] = [new RTCPeerConnection(), new RTCPeerConnection()];
  for (const [from, to] of [[towardsAlice, towardsBob], [towardsBob, towardsAlice]]) {
    // Here it lies open, sound and picture: the attacker’s connections have decrypted it.
    from.ontrack = ({ track, streams }) => to.addTrack(track, ...streams);
  }
  introduce(alice, towardsAlice);
  introduce(towardsBob, bob);
  return [towardsAlice, towardsBob];
}
