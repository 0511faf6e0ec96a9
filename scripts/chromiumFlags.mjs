// How the tests and the pictures start Chromium: with a WebGPU adapter where there is no GPU, and without calls home.

const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** WebGPU on SwiftShader, the software GPU inside Chromium. */
export const WITH_WEBGPU = [
  ...QUIET,
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** A browser that gives the page no adapter, GPU or not. */
export const WITHOUT_WEBGPU = [...QUIET, '--disable-gpu'];

/** One that has no WebAssembly either. */
export const WITHOUT_WASM = [...WITHOUT_WEBGPU, '--js-flags=--jitless'];
