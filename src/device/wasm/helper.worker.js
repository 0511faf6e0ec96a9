// A thread that helps the device's leader (wasm/team.ts), in a browser or in Node. Plain JavaScript, because Node runs it
// as it is.
import '../../lib/ownWorker.js';
import { instantiate } from './instance.js';

/**
 * Never returns.
 * @param {import('./module').ThreadStart} start
 * @param {() => void} tellReady
 */
function help(start, tellReady) {
  const { help } = instantiate(start);
  tellReady();
  help();
}

if ('WorkerGlobalScope' in globalThis) {
  globalThis.onmessage = ({ data }) => help(data, () => globalThis.postMessage('ready'));
} else {
  const { parentPort, workerData } = await import('node:worker_threads');
  help(workerData, () => parentPort?.postMessage('ready'));
}
