import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rng } from '../lib/rng';
import type { Checkpoint } from '../runs/store';
import { faultyDisk, PowerLostError } from '../testing/faultyMedium';
import { createCheckpoints } from './checkpoints';
import { CheckpointDamagedError, StorageFullError } from './errors';
import { type Medium, memorySlots, plainMedium } from './memorySlots';

const RUN = 'run-1';

/** Three parts of the body that are not empty, a truncation, a flush, the header, a flush. */
const CALLS_OF_A_SAVE = 7;
/** Those of them that write. */
const WRITES_OF_A_SAVE = [0, 1, 2, 5];

/** A checkpoint whose every byte depends on its step; sizes differ between steps. */
function checkpointAt(step: number): Checkpoint {
  const random = rng(step, 'init');
  const chunk = (sizeBytes: number) => Uint8Array.from({ length: sizeBytes }, () => random.integer(0, 255));
  return {
    step,
    meta: { loss: step / 7, names: ['wte', 'head'] },
    payload: [chunk(40 + (step % 3) * 50), chunk(0), chunk(90)],
  };
}

/** Slots in memory whose files a test can reach, in the order they were made. */
function openSlots() {
  const media: Medium[] = [];
  const folder = memorySlots(() => {
    const medium = plainMedium();
    media.push(medium);
    return medium;
  });
  return { folder, media };
}

function flipBit(medium: Medium, bit: number): void {
  const at = bit >> 3;
  medium.write(Uint8Array.of(medium.bytes()[at]! ^ (1 << (bit & 7))), at);
}

describe('checkpoints', () => {
  it('come back as they were saved, the newest first', async () => {
    const { folder } = openSlots();
    const checkpoints = createCheckpoints(folder);
    for (const step of [10, 20, 30]) {
      await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
      expect(await checkpoints.loadCheckpoint(RUN)).toEqual(checkpointAt(step));
    }
    expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(30));
  });

  it('leave the newest up to a step alone, where that is asked, however much is saved after it', async () => {
    const { folder } = openSlots();
    const checkpoints = createCheckpoints(folder);
    for (const step of [10, 20]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
    for (const step of [30, 40, 50]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step), 15);
    expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(50));
    expect([await checkpoints.savedStep(RUN, 49), await checkpoints.savedStep(RUN, 9)]).toEqual([10, undefined]);
    expect(await checkpoints.dropCheckpointsAfter(RUN, 15)).toBe(10);
    expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(10));
  });

  it('keep the last one where none is as old as asked', async () => {
    const { folder } = openSlots();
    const checkpoints = createCheckpoints(folder);
    for (const step of [10, 20]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
    await checkpoints.saveCheckpoint(RUN, checkpointAt(30), 5);
    expect(await checkpoints.savedStep(RUN, 29)).toBe(20);
    expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(30));
  });

  it('say of which step the newest is without reading it, and nothing where there is none', async () => {
    const { folder, media } = openSlots();
    const checkpoints = createCheckpoints(folder);
    expect(await checkpoints.savedStep(RUN)).toBeUndefined();
    expect(media).toHaveLength(0);
    for (const step of [10, 30, 20]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
    expect(await createCheckpoints(folder).savedStep(RUN)).toBe(20);
    // The first file holds the newest; once its header is damaged, what is left is the other.
    flipBit(media[0] as Medium, 100);
    expect(await checkpoints.savedStep(RUN)).toBe(30);
    flipBit(media[1] as Medium, 100);
    expect(await checkpoints.savedStep(RUN)).toBeUndefined();
  });

  it('are ordered by when they were saved, so a run that went back to step 10 loads step 11 rather than step 30', async () => {
    const checkpoints = createCheckpoints(openSlots().folder);
    for (const step of [30, 10, 11]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
    expect((await checkpoints.loadCheckpoint(RUN))?.step).toBe(11);
  });

  it('saved after a step are forgotten where they turn out to be no good; what was saved before is loaded', async () => {
    const { folder } = openSlots();
    const checkpoints = createCheckpoints(folder);
    for (const step of [10, 20]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
    expect(await checkpoints.dropCheckpointsAfter(RUN, 20)).toBe(20);
    expect(await checkpoints.dropCheckpointsAfter(RUN, 19)).toBe(10);
    expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(10));
    await checkpoints.saveCheckpoint(RUN, checkpointAt(15));
    expect((await checkpoints.loadCheckpoint(RUN))?.step).toBe(15);
    expect(await checkpoints.dropCheckpointsAfter(RUN, 9)).toBeUndefined();
    expect(await checkpoints.loadCheckpoint(RUN)).toBeUndefined();
  });

  it('of a run that never saved one are undefined, and asking makes no file', async () => {
    const { folder, media } = openSlots();
    expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toBeUndefined();
    expect(media).toHaveLength(0);
  });

  it('are gone after deletion, and other runs keep theirs', async () => {
    const checkpoints = createCheckpoints(openSlots().folder);
    await checkpoints.saveCheckpoint(RUN, checkpointAt(1));
    await checkpoints.saveCheckpoint('run-2', checkpointAt(2));
    await checkpoints.deleteCheckpoint(RUN);
    expect(await checkpoints.loadCheckpoint(RUN)).toBeUndefined();
    expect(await checkpoints.loadCheckpoint('run-2')).toEqual(checkpointAt(2));
  });

  it('saved at once by two callers are both written, the second one last', async () => {
    const checkpoints = createCheckpoints(openSlots().folder);
    await Promise.all([1, 2, 3].map((step) => checkpoints.saveCheckpoint(RUN, checkpointAt(step))));
    expect((await checkpoints.loadCheckpoint(RUN))?.step).toBe(3);
  });

  it('saved by another tab in between are protected like its own', async () => {
    const { folder, media } = openSlots();
    const [here, there] = [createCheckpoints(folder), createCheckpoints(folder)];
    for (const step of [1, 2]) await here.saveCheckpoint(RUN, checkpointAt(step));
    await there.saveCheckpoint(RUN, checkpointAt(3));
    await here.saveCheckpoint(RUN, checkpointAt(4));
    expect(await there.loadCheckpoint(RUN)).toEqual(checkpointAt(4));
    flipBit(media[1]!, 8 * 150);
    expect(await there.loadCheckpoint(RUN)).toEqual(checkpointAt(3));
  });

  it('refuse a run id that would be a path', async () => {
    const checkpoints = createCheckpoints(openSlots().folder);
    for (const runId of ['', '..', 'a/b', 'a\\b', '.hidden', 'x'.repeat(65)]) {
      await expect(checkpoints.saveCheckpoint(runId, checkpointAt(1))).rejects.toThrow(RangeError);
    }
  });
});

describe('a damaged checkpoint', () => {
  it('is passed over for the older one, whichever byte of it has one bit flipped', async () => {
    const { folder, media } = openSlots();
    const writer = createCheckpoints(folder);
    for (const step of [1, 2]) await writer.saveCheckpoint(RUN, checkpointAt(step));
    const newest = media[1]!;
    for (let at = 0; at < newest.bytes().length; at++) {
      flipBit(newest, at * 8 + (at % 8));
      expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(1));
      flipBit(newest, at * 8 + (at % 8));
    }
    expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(2));
  });

  it('is passed over wherever it was cut off', async () => {
    const { folder, media } = openSlots();
    const writer = createCheckpoints(folder);
    for (const step of [1, 2]) await writer.saveCheckpoint(RUN, checkpointAt(step));
    for (let sizeBytes = media[1]!.bytes().length - 1; sizeBytes >= 0; sizeBytes--) {
      media[1]!.truncate(sizeBytes);
      expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(1));
    }
  });

  it('is not protected: the next save overwrites it and keeps the older, whole one', async () => {
    const { folder, media } = openSlots();
    const writer = createCheckpoints(folder);
    for (const step of [1, 2]) await writer.saveCheckpoint(RUN, checkpointAt(step));
    flipBit(media[1]!, 8 * 150);
    const wholeBefore = media[0]!.bytes().slice();
    await createCheckpoints(folder).saveCheckpoint(RUN, checkpointAt(3));
    expect(media[0]!.bytes()).toEqual(wholeBefore);
    expect((await createCheckpoints(folder).loadCheckpoint(RUN))?.step).toBe(3);
  });

  it('without a whole one beside it is an error that says what was found, and a new save heals it', async () => {
    const { folder, media } = openSlots();
    const writer = createCheckpoints(folder);
    for (const step of [1, 2]) await writer.saveCheckpoint(RUN, checkpointAt(step));
    flipBit(media[0]!, 8 * 20);
    media[1]!.truncate(200);
    const checkpoints = createCheckpoints(folder);
    await expect(checkpoints.loadCheckpoint(RUN)).rejects.toThrow(CheckpointDamagedError);
    await expect(checkpoints.loadCheckpoint(RUN)).rejects.toThrow(
      /slot 1: body of 72 bytes, needs 313; slot 0: header fails its hash/,
    );
    await checkpoints.saveCheckpoint(RUN, checkpointAt(3));
    expect(await checkpoints.loadCheckpoint(RUN)).toEqual(checkpointAt(3));
  });

  it('is never returned after any number of random changes to both slots', async () => {
    const { folder, media } = openSlots();
    const writer = createCheckpoints(folder);
    for (const step of [1, 2]) await writer.saveCheckpoint(RUN, checkpointAt(step));
    const originals = media.map((medium) => medium.bytes().slice());
    const change = fc.record({
      slot: fc.nat(1),
      at: fc.nat(500),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        media.forEach((medium, slot) => {
          medium.truncate(0);
          medium.write(originals[slot]!, 0);
        });
        for (const { slot, at, bytes } of changes) media[slot]!.write(bytes, at);
        try {
          const loaded = await createCheckpoints(folder).loadCheckpoint(RUN);
          expect([checkpointAt(1), checkpointAt(2)]).toContainEqual(loaded);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointDamagedError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a loss of power', () => {
  it('during any call of a save leaves the old checkpoint or the new one, whole, and the run goes on from there', async () => {
    let numLosses = 0;
    for (let seed = 0; seed < 40; seed++) {
      for (let call = 0; ; call++) {
        const disk = faultyDisk(rng(seed, 'shuffle', call));
        const folder = memorySlots(() => disk.newMedium());
        const writer = createCheckpoints(folder);
        for (const step of [1, 2]) await writer.saveCheckpoint(RUN, checkpointAt(step));
        disk.losePowerAt(disk.numCalls + call);
        const saved = await writer.saveCheckpoint(RUN, checkpointAt(3)).then(
          () => true,
          (error: unknown) => {
            expect(error).toBeInstanceOf(PowerLostError);
            return false;
          },
        );
        disk.reboot();
        if (!saved) numLosses++;

        const survivor = createCheckpoints(folder);
        const loaded = await survivor.loadCheckpoint(RUN);
        expect(saved ? [checkpointAt(3)] : [checkpointAt(2), checkpointAt(3)]).toContainEqual(loaded);
        await survivor.saveCheckpoint(RUN, checkpointAt(4));
        expect(await survivor.loadCheckpoint(RUN)).toEqual(checkpointAt(4));
        if (saved) break;
      }
    }
    expect(numLosses).toBe(40 * CALLS_OF_A_SAVE);
  });

  it('during the very first save leaves no checkpoint, the new one, or an error, never a broken one', async () => {
    for (let seed = 0; seed < 40; seed++) {
      for (let call = 0; call < CALLS_OF_A_SAVE; call++) {
        const disk = faultyDisk(rng(seed, 'shuffle', call));
        const folder = memorySlots(() => disk.newMedium());
        disk.losePowerAt(call);
        await expect(createCheckpoints(folder).saveCheckpoint(RUN, checkpointAt(1))).rejects.toThrow(PowerLostError);
        disk.reboot();
        try {
          expect([undefined, checkpointAt(1)]).toContainEqual(await createCheckpoints(folder).loadCheckpoint(RUN));
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointDamagedError);
        }
        await createCheckpoints(folder).saveCheckpoint(RUN, checkpointAt(2));
        expect(await createCheckpoints(folder).loadCheckpoint(RUN)).toEqual(checkpointAt(2));
      }
    }
  });
});

describe('a full disk', () => {
  it('at any write is a StorageFullError, keeps the last checkpoint, and the next save succeeds once there is room', async () => {
    for (const call of WRITES_OF_A_SAVE) {
      const disk = faultyDisk(rng(call, 'shuffle'));
      const folder = memorySlots(() => disk.newMedium());
      const checkpoints = createCheckpoints(folder);
      for (const step of [1, 2]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
      disk.fillUpAt(disk.numCalls + call);
      await expect(checkpoints.saveCheckpoint(RUN, checkpointAt(3))).rejects.toThrow(StorageFullError);
      expect(await checkpoints.loadCheckpoint(RUN)).toEqual(checkpointAt(2));
      disk.reboot();
      await checkpoints.saveCheckpoint(RUN, checkpointAt(4));
      expect(await checkpoints.loadCheckpoint(RUN)).toEqual(checkpointAt(4));
    }
  });

  it('is noticed where a write returns an error code as a count of bytes, as Chromium does at the quota', async () => {
    let isFull = false;
    const folder = memorySlots(() => {
      const medium = plainMedium();
      return { ...medium, write: (from, at) => (isFull ? 2 ** 32 - 8 : medium.write(from, at)) };
    });
    const checkpoints = createCheckpoints(folder);
    for (const step of [1, 2]) await checkpoints.saveCheckpoint(RUN, checkpointAt(step));
    isFull = true;
    await expect(checkpoints.saveCheckpoint(RUN, checkpointAt(3))).rejects.toThrow(StorageFullError);
    expect(await checkpoints.loadCheckpoint(RUN)).toEqual(checkpointAt(2));
  });
});
