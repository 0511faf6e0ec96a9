// WebGPU in Node for engines that look for a browser's: Dawn as `navigator.gpu`. Import it before them.
import { create, globals } from 'webgpu';

const POLL_MS = 1;

// As src/device/webgpu/nodeGpu.ts does for our own engine: Dawn's module polls in an endless setImmediate loop, which would
// take a core away from a software adapter, even while another system is being measured.
const calm = (callback, ...args) => setTimeout(callback, POLL_MS, ...args);
Object.assign(globalThis, globals, { setImmediate: calm });
Object.defineProperty(globalThis, 'navigator', { value: { gpu: create([]), userAgent: 'Node' }, configurable: true });
