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

const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
if (node) help(node.workerData, () => node.parentPort?.postMessage('ready'));
else globalThis.onmessage = ({ data }) => help(data, () => globalThis.postMessage('ready'));
