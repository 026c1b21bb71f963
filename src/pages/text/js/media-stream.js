// Camera and microphone: ask for them, show them, let them go.

/** Asks for what is wished for and shows it in `video`. A later `signal.abort()` gives up. */
export async function start(video, { width, height, camera, microphone } = {}, signal) {
  stop(video); // Many cameras serve only one capture at a time.
  const stream = await navigator.mediaDevices.getUserMedia({
    video: {
      width: { ideal: width },
      height: { ideal: height },
      ...(camera && { deviceId: { exact: camera } }),
    },
    audio: microphone ? { deviceId: { exact: microphone } } : true,
  });
  video.srcObject = stream;
  // The answer may come when nobody waits for it any more: the light must not stay on.
  if (signal?.aborted) stop(video);
  return stream;
}

/** Stops every track, so that the camera’s light goes off. */
export function stop(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

/** Hears of a device that was unplugged, or of a permission that was taken back. */
export function onEnded(stream, tell) {
  for (const track of stream.getTracks()) {
    track.addEventListener("ended", () => tell(track.kind));
  }
}

/** Others get silence or black meanwhile; the track itself goes on. */
export function setEnabled(stream, kind, enabled) {
  for (const track of stream.getTracks()) {
    if (track.kind === kind) track.enabled = enabled;
  }
}

/** Names and ids are told only to those who were allowed to use a device of the kind. */
export async function devices(kind) {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter((device) => device.kind === kind);
}

/** What the tracks deliver, to be put beside what was asked. */
export function settings(stream) {
  return stream.getTracks().map((track) => [track.kind, track.getSettings()]);
}
