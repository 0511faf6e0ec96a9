import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpoints } from './checkpoints';
import { nodeSlots } from './nodeSlots';

describe('checkpoints in a folder of Node', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'soliloquy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('outlive the object that wrote them', async () => {
    const payload = [Uint8Array.from({ length: 100_000 }, (_, i) => i % 251)];
    const writer = createCheckpoints(nodeSlots(join(folder, 'runs')));
    for (const step of [5, 10, 15]) await writer.saveCheckpoint('calm-otter-7', { step, meta: { step }, payload });
    const reader = createCheckpoints(nodeSlots(join(folder, 'runs')));
    expect(await reader.loadCheckpoint('calm-otter-7')).toEqual({ step: 15, meta: { step: 15 }, payload });
    expect(readdirSync(join(folder, 'runs', 'calm-otter-7'))).toEqual(['checkpoint-0', 'checkpoint-1']);
  });

  it('shrink with their payload', async () => {
    const checkpoints = createCheckpoints(nodeSlots(folder));
    for (const size of [9000, 9000, 10, 10]) {
      await checkpoints.saveCheckpoint('run', { step: size, meta: null, payload: [new Uint8Array(size)] });
    }
    expect((await checkpoints.loadCheckpoint('run'))?.payload[0]).toHaveLength(10);
  });

  it('are deleted without touching what else lies in the folder of the run', async () => {
    const checkpoints = createCheckpoints(nodeSlots(folder));
    for (const run of ['alone', 'with-log'])
      await checkpoints.saveCheckpoint(run, { step: 1, meta: null, payload: [] });
    writeFileSync(join(folder, 'with-log', 'log.jsonl'), '{}\n');
    for (const run of await checkpoints.listCheckpoints()) await checkpoints.deleteCheckpoint(run);
    expect(existsSync(join(folder, 'alone'))).toBe(false);
    expect(readdirSync(join(folder, 'with-log'))).toEqual(['log.jsonl']);
  });

  it('of a run that was never saved are undefined and leave no folder behind', async () => {
    expect(await createCheckpoints(nodeSlots(join(folder, 'none'))).loadCheckpoint('run')).toBeUndefined();
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
