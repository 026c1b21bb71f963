// Where the page does not say what video it wants, small and slow video will do: one machine
// encodes and decodes every frame of every browser.
() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const small = { width: { ideal: 320 }, height: { ideal: 240 }, frameRate: { ideal: 10 } };
  for (const name of ['getUserMedia', 'getDisplayMedia']) {
    const ask = devices[name];
    if (!ask) continue;
    devices[name] = (constraints) => {
      const video = constraints?.video;
      if (!video) return ask.call(devices, constraints);
      return ask.call(devices, { ...constraints, video: { ...small, ...video } });
    };
  }
}
