// Files of a pipeline that someone damaged: named, with what is wrong and what to do.
import { expect, it } from 'vitest';
import { MetricsFile, readMetrics } from './metricsFile';
import { PipelineError } from './pipeline';
import { type PipelineStore, readCheckpoint, writeText } from './pipelineStore';
import { readSet } from './setFile';

function memoryStore(): PipelineStore {
  const files = new Map<string, Uint8Array>();
  return {
    name: 'runs/r1',
    read: async (path) => files.get(path),
    write: async (path, bytes) => void files.set(path, bytes),
  } as PipelineStore;
}

const REMEDY = 'Begin the pipeline again in another place, or restore the file.';

it.each<[string, string, (store: PipelineStore) => Promise<unknown>, string]>([
  ['zero/config.json', '{', (store) => readCheckpoint(store, 'zero'), 'runs/r1/zero cannot be read ('],
  ['other/config.json', '{', (store) => readCheckpoint(store, 'zero'), 'there is no config.json'],
  ['kept/set.jsonl', '{"question":', (store) => readSet(store, 'kept'), 'runs/r1/kept/set.jsonl has no question'],
  ['other/set.jsonl', '', (store) => readSet(store, 'kept'), 'runs/r1/kept/set.jsonl is missing'],
  [
    'zero/metrics.jsonl',
    '{"step":1}\n{"st',
    (store) => readMetrics(store, 'zero'),
    'has no step and its numbers in line 2',
  ],
  ['zero/metrics.jsonl', '{"step":1,"loss":"x"}', (store) => readMetrics(store, 'zero'), 'in line 1'],
])('%s that holds %j is said by name', async (path, text, read, found) => {
  const store = memoryStore();
  await writeText(store, path, text);
  const error = await read(store).then(
    () => expect.unreachable(),
    (cause: unknown) => cause as PipelineError,
  );
  expect(error).toBeInstanceOf(PipelineError);
  expect(error.userMessage).toContain(found);
  expect(error.userMessage).toMatch(/[^.]\.$/);
  expect(error.remedy).toBe(REMEDY);
});

it('a figure that is not finite is there again when a stage is gone on with', async () => {
  const store = memoryStore();
  const file = await MetricsFile.open(store, 'zero', 0);
  file.add(1, { loss: Number.NaN, reward: 0.5 });
  await file.write();
  expect(await readMetrics(store, 'zero')).toEqual([{ step: 1, metrics: { loss: Number.NaN, reward: 0.5 } }]);
  await (await MetricsFile.open(store, 'zero', 1)).write();
  expect(await readMetrics(store, 'zero')).toHaveLength(1);
});
