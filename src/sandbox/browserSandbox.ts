// The sandbox in a worker of the browser. Neither worker nor interpreter is loaded before the first run.
import programUrl from '@jitl/quickjs-wasmfile-release-sync/wasm?url';
import { startOwnWorker } from '../lib/ownWorker.js';
import guestUrl from './guest.worker.js?worker&url';
import type { Sandbox } from './sandbox';
import { createThreadSandbox, type Thread } from './threadSandbox';

let program: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const [response, { meter }] = await Promise.all([fetch(programUrl), import('./meter')]);
  if (!response.ok) throw new Error(`${programUrl} answers ${response.status}`);
  return WebAssembly.compile(meter(new Uint8Array(await response.arrayBuffer())));
}

function startThread(): Thread {
  const worker = startOwnWorker(guestUrl, 'sandbox');
  return {
    post: (message) => worker.postMessage(message),
    listen: (onMessage, onDeath) => {
      worker.onmessage = ({ data }) => onMessage(data);
      worker.onerror = ({ message }) => onDeath(message || 'its program could not be loaded');
    },
    terminate: () => worker.terminate(),
  };
}

export function createBrowserSandbox(): Sandbox {
  return createThreadSandbox(startThread, () => {
    program ??= compile();
    program.catch(() => {
      program = undefined;
    });
    return program;
  });
}
