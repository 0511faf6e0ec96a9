// Checkpoints that survive a crash at any moment: each run has two slots, a save overwrites the one that is not the last
// good, and a load takes the newest that passes its hashes.
import type { Checkpoint, Checkpoints } from '../runs/store';
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
  return new SlotCheckpoints(new RunSlots(folder));
}

/** The slots of each run: which is the last good, and which is the newest that is whole. */
class RunSlots {
  /** The slot of each run that this object wrote or checked last, so that a save need not read the payload again. */
  readonly #lastGood = new Map<string, KnownSlot>();

  constructor(readonly folder: SlotFolder) {}

  /** Undefined where there is no such file and none is created. */
  async with<T>(runId: string, slot: SlotIndex, use: (file: SlotFile) => Promise<T>, create = false) {
    const file = await this.folder.open(runId, slot, create);
    if (file === undefined) return undefined;
    try {
      return await use(file);
    } finally {
      file.close();
    }
  }

  remember(runId: string, known: KnownSlot): void {
    this.#lastGood.set(runId, known);
  }

  forget(runId: string): void {
    this.#lastGood.delete(runId);
  }

  /** The slots' headers, the newest first. */
  async readHeaders(runId: string): Promise<{ slot: SlotIndex; header: SlotState<SlotHeader> }[]> {
    const headers: { slot: SlotIndex; header: SlotState<SlotHeader> }[] = [];
    for (const slot of SLOTS) {
      const header = (await this.with(runId, slot, readHeader)) ?? { state: 'empty' };
      headers.push({ slot, header });
    }
    const sequenceOf = (header: SlotState<SlotHeader>) => (header.state === 'valid' ? header.value.sequence : -1);
    return headers.sort((a, b) => sequenceOf(b.header) - sequenceOf(a.header));
  }

  /** The newest whole slot. A damaged one is looked past only if the other is whole. Throws CheckpointDamagedError. */
  async findNewest(runId: string): Promise<SlotContent | undefined> {
    const reasons: string[] = [];
    for (const { slot, header } of await this.readHeaders(runId)) {
      const content = header.state === 'valid' ? await this.with(runId, slot, readSlot) : header;
      if (content?.state === 'damaged') reasons.push(`slot ${slot}: ${content.reason}`);
      if (content?.state !== 'valid' || header.state !== 'valid') continue;
      this.remember(runId, { slot, header: header.value });
      return content.value;
    }
    if (reasons.length > 0) throw new CheckpointDamagedError(runId, reasons);
    return undefined;
  }

  /** The newest slot of at most a step, by its header alone: it was whole when another was written after it. */
  async findUpTo(runId: string, step: number): Promise<KnownSlot | undefined> {
    for (const { slot, header } of await this.readHeaders(runId)) {
      if (header.state === 'valid' && header.value.step <= step) return { slot, header: header.value };
    }
    return undefined;
  }

  /** The slot that a save must not touch; undefined if there is nothing to keep. */
  async findLastGood(runId: string): Promise<KnownSlot | undefined> {
    const known = this.#lastGood.get(runId);
    if (known !== undefined) {
      // Another tab may have saved since: trust the memory only while both headers on disk bear it out.
      const other: SlotIndex = known.slot === 0 ? 1 : 0;
      const header = await this.with(runId, known.slot, readHeader);
      const otherHeader = await this.with(runId, other, readHeader);
      const isUnchanged = header?.state === 'valid' && header.value.sequence === known.header.sequence;
      const isOvertaken = otherHeader?.state === 'valid' && otherHeader.value.sequence > known.header.sequence;
      if (isUnchanged && !isOvertaken) return known;
      this.forget(runId);
    }
    try {
      await this.findNewest(runId);
    } catch (error) {
      // Nothing whole is left to protect, so a new checkpoint may take either slot.
      if (!(error instanceof CheckpointDamagedError)) throw error;
    }
    return this.#lastGood.get(runId);
  }
}

class SlotCheckpoints implements Checkpoints {
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly slots: RunSlots) {}

  saveCheckpoint(runId: string, { step, meta, payload }: Checkpoint, keep?: number): Promise<void> {
    return this.#inTurn(runId, async () => {
      const last = await this.slots.findLastGood(runId);
      const kept = (keep !== undefined && (await this.slots.findUpTo(runId, keep))) || last;
      const slot: SlotIndex = kept?.slot === 0 ? 1 : 0;
      const sequence = (last?.header.sequence ?? 0) + 1;
      const write = (file: SlotFile) => writeSlot(file, { sequence, step, meta, payload });
      const header = await this.slots.with(runId, slot, write, true);
      if (header !== undefined) this.slots.remember(runId, { slot, header });
    });
  }

  loadCheckpoint(runId: string): Promise<Checkpoint | undefined> {
    return this.#inTurn(runId, async () => {
      const newest = await this.slots.findNewest(runId);
      if (newest === undefined) return undefined;
      const { step, meta, payload } = newest;
      return { step, meta, payload };
    });
  }

  isOneDamaged(runId: string): Promise<boolean> {
    return this.#inTurn(runId, async () => {
      const contents = [];
      for (const slot of SLOTS) contents.push(await this.slots.with(runId, slot, readSlot));
      return contents.some((content) => content?.state === 'damaged');
    });
  }

  savedStep(runId: string, atMost = Number.POSITIVE_INFINITY): Promise<number | undefined> {
    return this.#inTurn(runId, async () => {
      const headers = (await this.slots.readHeaders(runId)).map(({ header }) => header);
      const steps = headers.flatMap((header) => (header.state === 'valid' ? [header.value.step] : []));
      return steps.find((step) => step <= atMost);
    });
  }

  dropCheckpointsAfter(runId: string, step: number): Promise<number | undefined> {
    return this.#inTurn(runId, async () => {
      this.slots.forget(runId);
      for (const slot of SLOTS) {
        await this.slots.with(runId, slot, async (file) => {
          const header = await readHeader(file);
          if (header.state === 'valid' && header.value.step > step) file.truncate(0);
        });
      }
      return (await this.slots.findNewest(runId))?.step;
    });
  }

  deleteCheckpoint(runId: string): Promise<void> {
    return this.#inTurn(runId, async () => {
      this.slots.forget(runId);
      await this.slots.folder.delete(runId);
    });
  }

  listCheckpoints(): Promise<readonly string[]> {
    return this.#afterOthers(() => this.slots.folder.list());
  }

  #inTurn<T>(runId: string, task: () => Promise<T>): Promise<T> {
    return this.#afterOthers(async () => {
      assertRunId(runId);
      return task();
    });
  }

  #afterOthers<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}
