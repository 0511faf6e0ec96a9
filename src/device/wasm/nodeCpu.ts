// The processor as a device in Node.
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { CpuDevice } from './device';
import { type CompiledForm, canRun } from './forms';
import type { ThreadStart, Translation } from './module';
import { type CpuHost, openCpu } from './open';
import type { CpuOptions } from './options';
import type { Helper } from './team';

/** A module of wasm/'s, as text in this program. */
const MODULES: Readonly<Record<CompiledForm, () => Promise<{ default: string }>>> = {
  scalar: () => import('../../../dist-wasm/scalar.wasm?url&inline'),
  simd: () => import('../../../dist-wasm/simd.wasm?url&inline'),
  relaxed: () => import('../../../dist-wasm/relaxed.wasm?url&inline'),
};

async function load(form: CompiledForm): Promise<BufferSource> {
  const { default: dataUrl } = await MODULES[form]();
  return Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
}

async function loadTranslation(): Promise<Translation> {
  const { default: dataUrl } = await import('../../../dist-wasm/javascript.js?url&inline');
  return import(/* @vite-ignore */ dataUrl);
}

export function startWorker(start: ThreadStart): Worker {
  const worker = new Worker(new URL('./helper.worker.js', import.meta.url), { workerData: start });
  // A program that is done does not wait for it.
  worker.unref();
  return worker;
}

/** A thread of Node's as the team knows it. */
export function helperOf(worker: Worker): Helper {
  return {
    listen: (onReady, onEnd) => {
      worker.on('message', onReady);
      worker.on('error', (error) =>
        onEnd(`one of its threads failed: ${error instanceof Error ? error.message : error}`),
      );
      worker.on('exit', () => onEnd('one of its threads ended'));
    },
    terminate: () => {
      worker.removeAllListeners();
      void worker.terminate();
    },
  };
}

/** Node 20 knows the instructions of relaxed SIMD, and wants to be asked for them. */
function allowRelaxedSimd(): void {
  if (!canRun('relaxed') && process.versions.node.startsWith('20.')) {
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  }
}

export const NODE: CpuHost = {
  load,
  loadTranslation,
  parallelism: availableParallelism(),
  startHelper: (start) => helperOf(startWorker(start)),
};

/** Opens it. */
export function openCpuInNode(options: CpuOptions = {}): Promise<CpuDevice> {
  allowRelaxedSimd();
  return openCpu(NODE, options);
}
