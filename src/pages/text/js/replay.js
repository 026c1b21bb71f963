// What happens to a connection, as a file without addresses, and the way back.

/** What every such file begins with. */
export const FORMAT = { format: "webrtc-tour-recording", version: 1 };

/** Which event tells of which state. */
export const STATES = {
  signalingstatechange: "signalingState",
  icegatheringstatechange: "iceGatheringState",
  iceconnectionstatechange: "iceConnectionState",
  connectionstatechange: "connectionState",
};

/** This page reads no more: samples of five minutes. */
export const MOST = { entries: 20_000, samples: 300 };

/** Notes states and candidates as they come, and each second what is measured, until stopped. */
export function record(connection, peer) {
  const kept = { entries: [], samples: [] };
  const leftOut = { entries: 0, samples: 0 };
  const keep = (what, one) => {
    if (kept[what].push(one) <= MOST[what]) return;
    kept[what].shift();
    leftOut[what] += 1;
  };
  const heard = new AbortController();
  const began = performance.now();
  const at = () => ({ atMs: performance.now() - began });
  const note = (kind, name, detail) => keep("entries", {
    id: kept.entries.length + leftOut.entries, ...at(), peer, kind, name, detail,
    source: { file: "replay.js", line: 1 }, connection: { number: 1 },
  });
  const on = (event, listen) => {
    connection.addEventListener(event, listen, { signal: heard.signal });
  };
  for (const [event, state] of Object.entries(STATES)) {
    on(event, () => note("state", state, connection[state]));
  }
  on("icecandidate", ({ candidate }) => {
    if (candidate) note("event", "icecandidate", candidate.candidate);
  });
  const measure = async () => {
    const stats = [...(await connection.getStats()).values()];
    keep("samples", { ...at(), connection: 1, stats });
  };
  const timer = setInterval(measure, 1000);
  return async function stop() {
    heard.abort();
    clearInterval(timer);
    await measure();
    return { ...FORMAT, redacted: false, leftOut, ...kept };
  };
}

/** Addresses, fingerprints and user names of ICE, wherever they stand in a text. Names it does not know. */
export const TELLING = {
  fingerprint: /([0-9a-f]{2}:){15,}[0-9a-f]{2}/gi,
  mdns: /[\w-]+\.local\b/gi,
  ipv4: /\b\d{1,3}(\.\d{1,3}){3}\b/g,
  ipv6: /([0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}/gi, // Times of a day, too: too much is better.
  ufrag: /(?<=\bufrag[ :])\S+/g,
};

/** The same recording with each of these replaced: what is equal stays equal. */
export function redact(recording) {
  const known = new Map();
  const instead = (kind, found) => {
    if (!known.has(found)) known.set(found, `${kind}-${known.size + 1}`);
    return known.get(found);
  };
  const inText = (text) => Object.entries(TELLING).reduce(
    (text, [kind, pattern]) => text.replace(pattern, (found) => instead(kind, found)), text);
  const withoutSecrets = JSON.parse(JSON.stringify(recording), (key, value) => {
    if (typeof value !== "string") return value;
    if (/usernameFragment$/i.test(key)) return instead("ufrag", value);
    return key === "base64Certificate" ? instead("certificate", value) : inText(value);
  });
  return { ...withoutSecrets, redacted: true };
}

/** To download: make it the `href` of a link, by `URL.createObjectURL`. */
export function save(recording) {
  return new File([JSON.stringify(recording)], "recording.json", { type: "application/json" });
}

/** Reads such a file. It may be any file that somebody chose. */
export async function open(file) {
  const recording = JSON.parse(await file.text());
  for (const [key, value] of Object.entries(FORMAT)) {
    if (recording?.[key] !== value) throw new Error(`The file has another ${key}.`);
  }
  return recording;
}

/** How it was after so many entries: these, and what had been measured last before the next one. */
export function after({ entries, samples }, count) {
  const until = entries[count]?.atMs ?? Infinity;
  return {
    entries: entries.slice(0, count),
    stats: samples.findLast(({ atMs }) => atMs < until)?.stats,
  };
}
