import { expect, it } from 'vitest';
import { packSnapshot, unpackSnapshot } from './snapshot';

const memory = { meta: { step: 3, numTokens: 30 }, arrays: { state: new Float32Array([1, Number.NaN]) } };
const bytes = new Uint8Array(new Float32Array([1, Number.NaN]).buffer);

it('a state is read back, with what its keeper wrote and numbers that are not finite', async () => {
  const state = { step: 3, seconds: 5, memory, unmeasured: { loss: Number.NaN } };
  const devices = [{ afterStep: 0, kind: 'gpu', name: 'a card' }] as const;
  const packed = packSnapshot(state, new Map(), devices, { kind: 'sft' });
  const stored = { ...packed, meta: JSON.parse(JSON.stringify(packed.meta)) };
  expect(await unpackSnapshot('x', stored)).toMatchObject({
    ...state,
    devices,
    about: { kind: 'sft' },
    model: undefined,
  });
});

it('arrays that are parts of larger ones are written alone', async () => {
  const part = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
  const state = { step: 0, seconds: 0, memory: { meta: null, arrays: { part } } };
  const read = await unpackSnapshot('x', packSnapshot(state, new Map(), []));
  expect(read.memory.arrays.part).toEqual(new Float32Array([1, 2]));
});

it('a stage’s state of version 1 is read', async () => {
  const meta = { version: 1, seconds: 5, files: [], arrays: ['state'], memory: memory.meta };
  expect(await unpackSnapshot('x', { step: 3, meta, payload: [bytes] })).toMatchObject({
    step: 3,
    seconds: 5,
    memory,
    unmeasured: undefined,
    devices: [],
  });
});

it('a command’s state of version 1 is read: its memory was among the counters', async () => {
  const changes = [{ step: 1, name: 'learning_rate', from: 1, to: 0.5 }];
  const counters = { numTokens: 30, elapsedSeconds: 5, accuracyBefore: 0.25 };
  const rest = { kind: 'grpo', settings: { model: 'base' }, changes };
  const meta = { version: 1, ...rest, counters, unlogged: { loss: null }, files: [], arrays: ['state'] };
  const read = await unpackSnapshot('x', { step: 3, meta, payload: [bytes] });
  expect(read).toMatchObject({ step: 3, seconds: 5, memory, unmeasured: { loss: Number.NaN }, devices: [] });
  expect(read.about).toEqual({ ...rest, accuracyBefore: 0.25 });
});

it.each([null, {}, { version: 3 }])('what is no state is refused: %j', async (meta) => {
  await expect(unpackSnapshot('x', { step: 0, meta, payload: [] })).rejects.toThrow();
});
