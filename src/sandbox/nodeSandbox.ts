// The sandbox in a thread of Node. Neither thread nor interpreter is loaded before the first run.
import { Worker } from 'node:worker_threads';
import { meter } from './meter';
import type { Sandbox } from './sandbox';
import { createThreadSandbox, type Thread } from './threadSandbox';

async function compile(): Promise<WebAssembly.Module> {
  const { default: dataUrl } = await import('@jitl/quickjs-wasmfile-release-sync/wasm?url&inline');
  return WebAssembly.compile(meter(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64')));
}

function startThread(): Thread {
  const worker = new Worker(new URL('./guest.worker.js', import.meta.url), { stdout: true, stderr: true });
  // A program that is done does not wait for it.
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    listen: (onMessage, onDeath) => {
      worker.removeAllListeners();
      worker.on('message', onMessage);
      worker.on('error', (error) => onDeath(error instanceof Error ? error.message : String(error)));
      worker.on('exit', () => onDeath('it ended'));
    },
    terminate: () => void worker.terminate(),
  };
}

export function createNodeSandbox(): Sandbox {
  return createThreadSandbox(startThread, compile);
}
