import { describe, expect, it } from 'vitest';
import type { Checkpoints } from '../runs/store';
import { createCheckpoints } from './checkpoints';
import { type Collection, collectGarbage } from './garbage';
import { memorySlots } from './memorySlots';
import { createRunLocks, type RunLocks } from './runLocks';

const FREE = createRunLocks(undefined);

async function withCheckpoints(...ids: readonly string[]) {
  const checkpoints = createCheckpoints(memorySlots());
  for (const id of ids) await checkpoints.saveCheckpoint(id, { step: 1, meta: null, payload: [] });
  return checkpoints;
}

const collected = (checkpoints: Checkpoints): Collection => ({
  ids: () => checkpoints.listCheckpoints(),
  delete: (id) => checkpoints.deleteCheckpoint(id),
});

const ownedBy = (kept: ReadonlySet<string>) => (id: string) => ({ lock: id, exists: async () => kept.has(id) });

describe('checkpoints that belong to nothing', () => {
  it('are deleted, and the others stay', async () => {
    const checkpoints = await withCheckpoints('a', 'b', 'c');
    expect(await collectGarbage(collected(checkpoints), FREE, ownedBy(new Set(['b'])))).toEqual(['a', 'c']);
    expect(await checkpoints.listCheckpoints()).toEqual(['b']);
  });

  it('stay while another tab has their lock', async () => {
    const checkpoints = await withCheckpoints('a', 'b', 'c');
    const locks: RunLocks = {
      listTaken: async () => new Set(['a']),
      // Taken between the look at all locks and this one.
      take: async (id) => (id === 'b' ? undefined : () => {}),
    };
    expect(await collectGarbage(collected(checkpoints), locks, ownedBy(new Set()))).toEqual(['c']);
  });

  it('stay if their run came into being while the lock was awaited', async () => {
    const checkpoints = await withCheckpoints('a');
    const kept = new Set<string>();
    const locks: RunLocks = {
      listTaken: async () => new Set(),
      take: async (id) => {
        kept.add(id);
        return () => {};
      },
    };
    expect(await collectGarbage(collected(checkpoints), locks, ownedBy(kept))).toEqual([]);
  });

  it('are not guessed at: where runs cannot be read, nothing is deleted, and the lock is given back', async () => {
    const checkpoints = await withCheckpoints('a', 'b');
    let isHeld = false;
    const locks: RunLocks = {
      listTaken: async () => new Set(),
      take: async () => {
        isHeld = true;
        return () => {
          isHeld = false;
        };
      },
    };
    let asked = 0;
    const exists = async () => {
      if (asked++ > 0) throw new Error('The database is gone.');
      return false;
    };
    await expect(collectGarbage(collected(checkpoints), locks, (lock) => ({ lock, exists }))).rejects.toThrow('gone');
    expect(await checkpoints.listCheckpoints()).toEqual(['a', 'b']);
    expect(isHeld).toBe(false);
  });
});
