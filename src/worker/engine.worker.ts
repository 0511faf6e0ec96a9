// The worker: one engine, offered to the page through Comlink.
import '../lib/ownWorker.js';
import * as Comlink from 'comlink';
import type { DeviceSources } from '../device/chooseDevice';
import { openCpuInBrowser } from '../device/wasm/browserCpu';
import { createBrowserSandbox } from '../sandbox/browserSandbox';
import { openOpfsSlots } from '../storage/opfsSlots';
import { createRunLocks } from '../storage/runLocks';
import { createEngineSession } from './session';

/** Where the page's files are: the built worker lies in assets/, the source in src/worker/. */
const baseUrl = new URL(import.meta.env.DEV ? '/' : '../', import.meta.url);

const locks = createRunLocks(navigator.locks);

// The first answer comes from the processor, which opens while the page is still on its way.
let early: ReturnType<typeof openCpuInBrowser> | undefined = openCpuInBrowser();
early.catch(() => {});
const openCpu: DeviceSources['openCpu'] = (options) => {
  const opening = options === undefined ? early : undefined;
  if (opening === undefined) return openCpuInBrowser(options);
  early = undefined;
  return opening;
};

Comlink.expose(
  createEngineSession({
    devices: (shaders) => ({
      findGpu: async () => (await import('../device/webgpu/find')).findInBrowser(shaders),
      openCpu,
    }),
    baseUrl,
    openSlots: openOpfsSlots,
    locks,
    sandbox: createBrowserSandbox(),
  }),
);
