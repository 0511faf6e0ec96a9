// `test` with a made-up engine for the pages whose address asks for it (`/?engine=fake`): no GPU, no model, quick. What else such
// an address may say is told in src/testing/fakeEngine/host.ts.
import { test as base } from '@playwright/test';
import { bundleFakeEngine } from '../scripts/fakeEngine.mjs';

export const test = base.extend<object, { fakeEngine: string }>({
  fakeEngine: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures here
    async ({}, use) => use(await bundleFakeEngine()),
    { scope: 'worker' },
  ],
  context: async ({ context, fakeEngine }, use) => {
    await context.addInitScript({ content: fakeEngine });
    await use(context);
  },
});

/** Ten times as fast as a reader likes. */
export const FAST = '/?engine=fake&speed=10';
export const SLOW = '/?engine=fake&speed=0.5';
export const NO_DEVICE = '/?engine=fake&devices=none';
