// Runs the module of this directory. It is sent the module first, then the pixels of one picture after the
// other, and sends those of what goes over each back.

let wasm;

onmessage = async ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    wasm = WebAssembly.instantiate(data);
    return;
  }
  const { exports } = await wasm;
  const pixels = new Uint8Array(data);
  const at = exports.picture();
  new Uint8Array(exports.memory.buffer, at, pixels.length).set(pixels);
  exports.blur();
  // Not the view above: the memory may have grown, which takes it away.
  pixels.set(new Uint8Array(exports.memory.buffer, at, pixels.length));
  postMessage(data, [data]);
};

// What fails in an asynchronous listener is no error of the worker until it is thrown again.
onunhandledrejection = ({ reason }) => {
  setTimeout(() => { throw reason; });
};
