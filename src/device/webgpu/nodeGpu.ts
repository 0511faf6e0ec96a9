// WebGPU in Node: Dawn, the implementation that Chrome has. Not for the page.

const POLL_MS = 1;

/**
 * Dawn's module for Node looks for finished work in an endless setImmediate loop, which takes a whole core away from a
 * software adapter. It takes `setImmediate` from the global at every turn, so a timer in its place is enough.
 */
function calmPolling(): void {
  const calm = (callback: (...args: unknown[]) => void, ...args: unknown[]) => setTimeout(callback, POLL_MS, ...args);
  Object.assign(globalThis, { setImmediate: calm });
}

/** Loads Dawn and its globals. Throws what the module throws where it cannot be loaded. */
export async function createNodeGpu(): Promise<GPU> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  calmPolling();
  return create([]);
}
