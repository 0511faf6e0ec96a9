// A thread that helps the device's leader (wasm/team.ts), in a browser or in Node. Plain JavaScript, because Node runs it as it is.
import '../../lib/ownWorker.js';
import { instantiate } from './instance.js';

/** @param {import('./module').ThreadStart} start */
const help = (start) => instantiate(start).help();

if ('WorkerGlobalScope' in globalThis) {
  globalThis.onmessage = ({ data }) => help(data);
} else {
  const { workerData } = await import('node:worker_threads');
  help(workerData);
}
