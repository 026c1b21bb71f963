// Sees what no page shows: its peer connections and its tracks. Runs before the page's own
// scripts and changes nothing of what they get.
() => {
  // The probe must keep nothing alive that the page has let go.
  const connections = [];
  const tracks = [];
  const alive = () => connections.filter(({ reference }) => reference.deref());

  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class RTCPeerConnection extends Native {
    constructor(...args) {
      super(...args);
      const known = {
        number: connections.length,
        reference: new WeakRef(this),
        connectedAt: null,
        offers: 0,
        offeredFirst: null,
      };
      connections.push(known);
      this.addEventListener('connectionstatechange', ({ target }) => {
        if (target.connectionState === 'connected') known.connectedAt ??= Date.now();
      });
      this.addEventListener('signalingstatechange', ({ target }) => {
        if (!target.signalingState.startsWith('have-')) return;
        known.offers += 1;
        known.offeredFirst ??= target.signalingState === 'have-local-offer';
      });
    }
  };

  let clickedAt = null;
  window.addEventListener('click', () => (clickedAt = Date.now()), true);

  const keep = (stream) => {
    tracks.push(...stream.getTracks());
    return stream;
  };
  const devices = navigator.mediaDevices;
  let captures = 0;
  if (devices) {
    const ask = devices.getUserMedia;
    devices.getUserMedia = async function (constraints) {
      captures += 1;
      return keep(await ask.call(devices, constraints));
    };
  }
  // A clone keeps the device running, too.
  const cloneStream = MediaStream.prototype.clone;
  MediaStream.prototype.clone = function () {
    return keep(cloneStream.call(this));
  };
  const cloneTrack = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const track = cloneTrack.call(this);
    tracks.push(track);
    return track;
  };
  const capture = HTMLCanvasElement.prototype.captureStream;
  HTMLCanvasElement.prototype.captureStream = function (...args) {
    return keep(capture.apply(this, args));
  };
  const destination = AudioContext.prototype.createMediaStreamDestination;
  AudioContext.prototype.createMediaStreamDestination = function () {
    const node = destination.call(this);
    keep(node.stream);
    return node;
  };

  // How many frames each video put on the screen since somebody first asked.
  const frames = new WeakMap();
  const countFrames = (video) => {
    if (!frames.has(video)) {
      frames.set(video, 0);
      const count = () => {
        frames.set(video, frames.get(video) + 1);
        video.requestVideoFrameCallback(count);
      };
      video.requestVideoFrameCallback(count);
    }
    return frames.get(video);
  };

  const text = (element) => element.textContent.replace(/\s+/g, ' ').trim();
  const open = () =>
    alive()
      .map((known) => ({ ...known, connection: known.reference.deref() }))
      .filter(({ connection }) => connection.signalingState !== 'closed');

  /** What arrived over a connection. */
  const receivedOver = async (connection) => {
    const sum = { audioPackets: 0, audioEnergy: 0, videoFrames: 0 };
    for (const stat of (await connection.getStats()).values()) {
      if (stat.type !== 'inbound-rtp') continue;
      if (stat.kind === 'audio') {
        sum.audioPackets += stat.packetsReceived || 0;
        sum.audioEnergy += stat.totalAudioEnergy || 0;
      } else {
        sum.videoFrames += stat.framesDecoded || 0;
      }
    }
    return sum;
  };

  const video = (which) => document.getElementById(which) || document.querySelector(which);

  window.__probe = {
    text,
    button: (name) => [...document.querySelectorAll('button')].find((b) => text(b) === name),
    field: (name) =>
      [...document.querySelectorAll('input, select, textarea')].find((field) => {
        if (field.getAttribute('aria-label') === name) return true;
        return [...(field.labels || [])].some(
          (label) => text(label.querySelector('.field-label, span') || label) === name,
        );
      }),

    /** Every track that the page ever captured. */
    tracks: () => tracks.map((t) => ({ kind: t.kind, state: t.readyState, enabled: t.enabled })),

    /** Those of a kind that still deliver. */
    live: (kind) => tracks.filter((t) => t.kind === kind && t.readyState === 'live'),

    /** Whether this browser on this machine processes audio at all. */
    audioRuns: async () => {
      const context = new AudioContext();
      const began = performance.now();
      while (context.state !== 'running' && performance.now() - began < 3000) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const runs = context.state === 'running';
      await context.close();
      return runs;
    },

    connections: () => ({
      made: connections.length,
      alive: alive().length,
      open: open().length,
    }),

    /** Each open connection: which of all it is, how it does, what arrived over it. */
    links: () =>
      Promise.all(
        open().map(async ({ number, offers, offeredFirst, connectedAt, connection }) => ({
          number,
          offers,
          offeredFirst,
          connectedAt,
          state: connection.connectionState,
          ...(await receivedOver(connection)),
        })),
      ),

    /** What arrived over all open connections. */
    received: async () => {
      const sum = { audioPackets: 0, audioEnergy: 0, videoFrames: 0 };
      for (const { connection } of open()) {
        const received = await receivedOver(connection);
        for (const name in sum) sum[name] += received[name];
      }
      return sum;
    },

    /** What is sent over all open connections, and whether it still comes from a device. */
    sent: () =>
      open()
        .flatMap(({ connection }) => connection.getSenders())
        .filter(({ track }) => track)
        .map(({ track }) => `${track.kind} ${track.readyState}`),

    /** The most that each video may cost that is sent, in bits a second. */
    limits: () =>
      open()
        .flatMap(({ connection }) => connection.getSenders())
        .filter(({ track }) => track && track.kind === 'video')
        .map((sender) => sender.getParameters().encodings[0].maxBitrate),

    /** When somebody last clicked, in milliseconds since 1970. */
    clickedAt: () => clickedAt,

    /** How often the page asked for camera or microphone. */
    captures: () => captures,

    /** What a video element shows. */
    video: (which) => {
      const element = video(which);
      if (!element) return null;
      // Browsers may halt a muted video that nobody sees.
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      return {
        width: element.videoWidth,
        frames: countFrames(element),
        paused: element.paused,
        muted: element.muted,
        hasStream: element.srcObject !== null,
      };
    },

    /** The mean brightness of the present picture, from 0 (black) to 255. */
    brightness: (which) => {
      const element = video(which);
      if (!element || !element.videoWidth) return null;
      const canvas = document.createElement('canvas');
      canvas.width = 32;
      canvas.height = 32;
      const context = canvas.getContext('2d');
      context.drawImage(element, 0, 0, 32, 32);
      const { data } = context.getImageData(0, 0, 32, 32);
      let sum = 0;
      for (let i = 0; i < data.length; i += 4) sum += data[i] + data[i + 1] + data[i + 2];
      return sum / (data.length / 4) / 3;
    },
  };
}
