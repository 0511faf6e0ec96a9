// Runs in the browser for storage.spec.ts: saves checkpoints without pause, or loads the newest, on the real file system.
import { createCheckpoints } from '../../src/storage/checkpoints';
import { openOpfsSlots } from '../../src/storage/opfsSlots';

export type Order = { readonly kind: 'save'; readonly firstStep: number } | { readonly kind: 'load' };
/** The step saved or loaded; `isWhole` is false if a byte of the payload is not the one saved with that step. */
export type Report = { readonly step: number; readonly isWhole: boolean } | { readonly error: string };

const RUN = 'calm-otter-7';
const CHUNK_BYTES = 2 ** 20;
const chunkOf = (step: number, index: number) => new Uint8Array(CHUNK_BYTES).fill((step * 7 + index) % 256);

const report = (message: Report) => self.postMessage(message);

self.addEventListener('message', async ({ data: order }: MessageEvent<Order>) => {
  try {
    const checkpoints = createCheckpoints(await openOpfsSlots());
    if (order.kind === 'load') {
      const loaded = await checkpoints.loadCheckpoint(RUN);
      const step = loaded?.step ?? 0;
      const isWhole = (loaded?.payload ?? []).every((chunk, index) => {
        const expected = chunkOf(step, index);
        return chunk.length === expected.length && chunk.every((byte, at) => byte === expected[at]);
      });
      report({ step, isWhole });
      return;
    }
    for (let step = order.firstStep; ; step++) {
      await checkpoints.saveCheckpoint(RUN, { step, meta: { step }, payload: [chunkOf(step, 0), chunkOf(step, 1)] });
      report({ step, isWhole: true });
    }
  } catch (error) {
    report({ error: error instanceof Error ? error.message : String(error) });
  }
});
