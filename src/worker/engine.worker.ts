// The worker: one engine, offered to the page through Comlink.
import '../lib/ownWorker.js';
import * as Comlink from 'comlink';
import { SimdMissingError } from '../device/errors';
import { findInBrowser } from '../device/webgpu/device';
import { createBrowserSandbox } from '../sandbox/browserSandbox';
import { openOpfsSlots } from '../storage/opfsSlots';
import { createRunLocks } from '../storage/runLocks';
import { createEngineSession } from './session';

/** Where the page's files are: the built worker lies in assets/, the source in src/worker/. */
const baseUrl = new URL(import.meta.env.DEV ? '/' : '../', import.meta.url);

const locks = createRunLocks(navigator.locks);
Comlink.expose(
  createEngineSession({
    // The processor once it has every operation.
    devices: (shaders) => ({
      findGpu: () => findInBrowser(shaders),
      openCpu: () => Promise.reject(new SimdMissingError('The processor lacks operations still.', 'Use WebGPU.')),
    }),
    baseUrl,
    openSlots: openOpfsSlots,
    locks,
    sandbox: createBrowserSandbox(),
  }),
);
