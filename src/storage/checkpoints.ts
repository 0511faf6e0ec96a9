// Checkpoints that survive a crash at any moment: each run has two slots, a save overwrites the one that is not the last
// good, and a load takes the newest that passes its hashes.
import type { Checkpoints } from '../runs/store';
import { CheckpointDamagedError } from './errors';
import { readHeader, readSlot, type SlotContent, type SlotHeader, type SlotState, writeSlot } from './slot';
import { assertRunId, type SlotFile, type SlotFolder, type SlotIndex } from './slotFile';

const SLOTS: readonly SlotIndex[] = [0, 1];

interface KnownSlot {
  readonly slot: SlotIndex;
  readonly header: SlotHeader;
}

/** Checkpoints in the given folder. Calls on one object are done one after another. */
export function createCheckpoints(folder: SlotFolder): Checkpoints {
  /** The slot of each run that this object wrote or checked last, so that a save need not read the payload again. */
  const lastGood = new Map<string, KnownSlot>();
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = queue.then(task);
    queue = result.catch(() => undefined);
    return result;
  }

  async function withSlot<T>(
    runId: string,
    slot: SlotIndex,
    create: boolean,
    use: (file: SlotFile) => Promise<T>,
  ): Promise<T | undefined> {
    const file = await folder.open(runId, slot, create);
    if (file === undefined) return undefined;
    try {
      return await use(file);
    } finally {
      file.close();
    }
  }

  /** The slots' headers, the newest first. */
  async function readHeaders(runId: string): Promise<{ slot: SlotIndex; header: SlotState<SlotHeader> }[]> {
    const headers: { slot: SlotIndex; header: SlotState<SlotHeader> }[] = [];
    for (const slot of SLOTS) {
      const header = (await withSlot(runId, slot, false, readHeader)) ?? { state: 'empty' };
      headers.push({ slot, header });
    }
    const sequenceOf = (header: SlotState<SlotHeader>) => (header.state === 'valid' ? header.value.sequence : -1);
    return headers.sort((a, b) => sequenceOf(b.header) - sequenceOf(a.header));
  }

  /** The newest whole slot. A damaged one is looked past only if the other is whole. */
  async function findNewest(runId: string): Promise<{ slot: SlotIndex; content: SlotContent } | undefined> {
    const reasons: string[] = [];
    for (const { slot, header } of await readHeaders(runId)) {
      const content = header.state === 'valid' ? await withSlot(runId, slot, false, readSlot) : header;
      if (content?.state === 'damaged') reasons.push(`slot ${slot}: ${content.reason}`);
      if (content?.state !== 'valid' || header.state !== 'valid') continue;
      lastGood.set(runId, { slot, header: header.value });
      return { slot, content: content.value };
    }
    if (reasons.length > 0) throw new CheckpointDamagedError(runId, reasons);
    return undefined;
  }

  /** The slot that a save must not touch; undefined if there is nothing to keep. */
  async function findLastGood(runId: string): Promise<KnownSlot | undefined> {
    const known = lastGood.get(runId);
    if (known !== undefined) {
      // Another tab may have saved since: trust the memory only while both headers on disk bear it out.
      const other: SlotIndex = known.slot === 0 ? 1 : 0;
      const header = await withSlot(runId, known.slot, false, readHeader);
      const otherHeader = await withSlot(runId, other, false, readHeader);
      const isUnchanged = header?.state === 'valid' && header.value.sequence === known.header.sequence;
      const isOvertaken = otherHeader?.state === 'valid' && otherHeader.value.sequence > known.header.sequence;
      if (isUnchanged && !isOvertaken) return known;
      lastGood.delete(runId);
    }
    try {
      await findNewest(runId);
    } catch (error) {
      // Nothing whole is left to protect, so a new checkpoint may take either slot.
      if (!(error instanceof CheckpointDamagedError)) throw error;
    }
    return lastGood.get(runId);
  }

  return {
    saveCheckpoint: (runId, { step, meta, payload }) =>
      inTurn(async () => {
        assertRunId(runId);
        const kept = await findLastGood(runId);
        const slot: SlotIndex = kept?.slot === 0 ? 1 : 0;
        const sequence = (kept?.header.sequence ?? 0) + 1;
        const header = await withSlot(runId, slot, true, (file) => writeSlot(file, { sequence, step, meta, payload }));
        if (header !== undefined) lastGood.set(runId, { slot, header });
      }),

    loadCheckpoint: (runId) =>
      inTurn(async () => {
        assertRunId(runId);
        const newest = await findNewest(runId);
        if (newest === undefined) return undefined;
        const { step, meta, payload } = newest.content;
        return { step, meta, payload };
      }),

    isOneDamaged: (runId) =>
      inTurn(async () => {
        assertRunId(runId);
        const contents = [];
        for (const slot of SLOTS) contents.push(await withSlot(runId, slot, false, readSlot));
        return contents.some((content) => content?.state === 'damaged');
      }),

    savedStep: (runId) =>
      inTurn(async () => {
        assertRunId(runId);
        const [newest] = await readHeaders(runId);
        return newest?.header.state === 'valid' ? newest.header.value.step : undefined;
      }),

    dropCheckpointsAfter: (runId, step) =>
      inTurn(async () => {
        assertRunId(runId);
        lastGood.delete(runId);
        for (const slot of SLOTS) {
          await withSlot(runId, slot, false, async (file) => {
            const header = await readHeader(file);
            if (header.state === 'valid' && header.value.step > step) file.truncate(0);
          });
        }
        return (await findNewest(runId))?.content.step;
      }),

    deleteCheckpoint: (runId) =>
      inTurn(async () => {
        assertRunId(runId);
        lastGood.delete(runId);
        await folder.delete(runId);
      }),

    listCheckpoints: () => inTurn(() => folder.list()),
  };
}
