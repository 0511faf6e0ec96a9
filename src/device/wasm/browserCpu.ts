// The processor as a device in a browser.

import javascriptUrl from '../../../dist-wasm/javascript.js?url';
import relaxedUrl from '../../../dist-wasm/relaxed.wasm?url';
import scalarUrl from '../../../dist-wasm/scalar.wasm?url';
import simdUrl from '../../../dist-wasm/simd.wasm?url';
import { startOwnWorker } from '../../lib/ownWorker.js';
import type { CpuDevice } from './device';
import type { CompiledForm } from './forms';
import helperUrl from './helper.worker.js?worker&url';
import type { ThreadStart } from './module';
import { openCpu } from './open';
import type { CpuOptions } from './options';
import type { Helper } from './team';

const MODULES: Readonly<Record<CompiledForm, string>> = { scalar: scalarUrl, simd: simdUrl, relaxed: relaxedUrl };

function startHelper(start: ThreadStart): Helper {
  const worker = startOwnWorker(helperUrl, 'helper');
  worker.postMessage(start);
  return {
    listen: (onReady, onEnd) => {
      worker.onmessage = onReady;
      worker.onerror = (event) => onEnd(`one of its threads failed: ${event.message}`);
    },
    terminate: () => worker.terminate(),
  };
}

/** Opens it, with threads where the page is cross-origin isolated. */
export function openCpuInBrowser(options: CpuOptions = {}): Promise<CpuDevice> {
  const host = {
    load: (form: CompiledForm) => fetch(new URL(MODULES[form], import.meta.url)),
    loadTranslation: () => import(/* @vite-ignore */ new URL(javascriptUrl, import.meta.url).href),
    parallelism: navigator.hardwareConcurrency,
    startHelper: crossOriginIsolated ? startHelper : undefined,
  };
  return openCpu(host, options);
}
