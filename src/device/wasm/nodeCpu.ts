// The processor as a device in Node.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { CpuDevice } from './device';
import { compileOperations, type Form, type ThreadStart } from './module';
import { type CpuOptions, threadsFor } from './options';
import type { Helper } from './team';

/** A module of wasm/'s, as text in this program. */
const MODULES: Readonly<Record<Form, () => Promise<{ default: string }>>> = {
  scalar: () => import('../../../dist-wasm/scalar.wasm?url&inline'),
  simd: () => import('../../../dist-wasm/simd.wasm?url&inline'),
  relaxed: () => import('../../../dist-wasm/relaxed.wasm?url&inline'),
};

function startHelper(start: ThreadStart): Helper {
  const worker = new Worker(new URL('./helper.worker.js', import.meta.url), { workerData: start });
  // A program that is done does not wait for it.
  worker.unref();
  return {
    onEnd: (onEnd) => {
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

/** Opens it. */
export async function openCpuInNode(options: CpuOptions = {}): Promise<CpuDevice> {
  const { form = 'simd' } = options;
  const { default: dataUrl } = await MODULES[form]();
  const bytes = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
  const operations = await compileOperations(form, bytes);
  return new CpuDevice('processor', operations, threadsFor(options, availableParallelism()), startHelper);
}
