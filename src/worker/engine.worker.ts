// The worker: one engine, offered to the page through Comlink.
import '../lib/ownWorker.js';
import * as Comlink from 'comlink';
import { openCpuInBrowser } from '../device/wasm/browserCpu';
import { findInBrowser } from '../device/webgpu/find';
import { createBrowserSandbox } from '../sandbox/browserSandbox';
import { openOpfsSlots } from '../storage/opfsSlots';
import { createRunLocks } from '../storage/runLocks';
import { createEngineSession } from './session';

/** Where the page's files are: the built worker lies in assets/, the source in src/worker/. */
const baseUrl = new URL(import.meta.env.DEV ? '/' : '../', import.meta.url);

const locks = createRunLocks(navigator.locks);
Comlink.expose(
  createEngineSession({
    devices: (shaders) => ({
      findGpu: () => findInBrowser(shaders),
      openCpu: openCpuInBrowser,
    }),
    baseUrl,
    openSlots: openOpfsSlots,
    locks,
    sandbox: createBrowserSandbox(),
  }),
);
