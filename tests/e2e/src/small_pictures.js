// Where the page does not say how large a picture it wants, a small and slow one will do: a
// machine that runs four browsers encodes and decodes every picture of every one of them.
() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const ask = devices.getUserMedia;
  const small = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 10 } };
  devices.getUserMedia = (constraints) => {
    const { video } = constraints;
    if (!video) return ask.call(devices, constraints);
    return ask.call(devices, { ...constraints, video: { ...small, ...video } });
  };
}
