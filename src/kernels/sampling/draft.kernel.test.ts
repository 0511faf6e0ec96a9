// A step of pairs: what its rows read, which of them draw, and what the module for further tokens reads and drafts.
import { expect, test } from 'vitest';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { decodeBegin, NO_ROLLOUT, packSampleSettings, sample } from './decode';
import { draftBegin, draftChoose } from './draft';

const runner = setUpKernelRunner();
const MAX = 6;
const [WIDTH, VOCABULARY] = [4, 70];
const SETTINGS = { temperature: 0, topP: 1, topK: 0, endTokens: [9], maxNewTokens: MAX, numTokens: 64 };

interface State {
  readonly token: number;
  readonly length: number;
  readonly done?: number;
}
const pack = (states: readonly State[]) =>
  states.flatMap(({ token, length, done = 0 }, i) => [0, 3, 10 + i * (MAX + 1), token, length, done, i, 0, 0]);

/** The third rollout is not in the batch. */
const LIVE = [0, 0, 1, 1, 3, 3, NO_ROLLOUT, NO_ROLLOUT];
const PLACES = [0, 1, 3].flatMap((i) => [0, 1].map((more) => [0, 3, 10 + i * (MAX + 1), 1 + more]));
const NONE = [0, 0, NO_ROLLOUT, 0];

test('a pair reads its token and its draft, a place further on', async () => {
  const gpu = runner();
  const pool = normalFloats(VOCABULARY * WIDTH, 1);
  const states = [5, 6, 7, 8].map((token) => ({ token, length: 1 }));
  const [places, y] = [gpu.output(8 * 4), gpu.output(8 * WIDTH)];
  const given = { live: gpu.words(LIVE), rollouts: gpu.words(pack(states)), pool: gpu.floats(pool) };
  const drafts = gpu.words([20, NO_ROLLOUT, 21, 22]);
  await gpu.run(decodeBegin({ rows: 8, width: WIDTH, tableAt: 0 }, { ...given, drafts, places, y }));
  expect([...(await gpu.readWords(places))]).toEqual([...PLACES.flat(), ...NONE, ...NONE]);
  const tokens = [5, 20, 6, 0, 8, 22];
  const rows = tokens.flatMap((token) => [...pool.subarray(token * WIDTH, (token + 1) * WIDTH)]);
  expect([...(await gpu.readFloats(y))]).toEqual([...rows, ...new Array(2 * WIDTH).fill(0)]);
});

test('a second row draws where the first drew its draft and did not end', async () => {
  const gpu = runner();
  const likeliest = [20, 30, 9, 31, 22, 32, 0, 0];
  const logits = new Float32Array(8 * VOCABULARY);
  likeliest.forEach((token, row) => {
    logits[row * VOCABULARY + token] = 5;
    // Padding of the vocabulary.
    logits[row * VOCABULARY + 66] = 9;
  });
  const rollouts = gpu.words(pack([5, 6, 7, 8].map((token) => ({ token, length: 1 }))));
  // The first is accepted, the second is too and ends there, the last is refused.
  const drafts = gpu.words([20, 9, 9, 23]);
  const tokens = gpu.zeros(4 * MAX);
  const bindings = {
    settings: gpu.words(packSampleSettings(SETTINGS)),
    live: gpu.words(LIVE),
    logits: gpu.floats(logits),
    rollouts,
    tokens,
    log_probs: gpu.zeros(4 * MAX * 2),
    entropies: gpu.zeros(4 * MAX),
  };
  const shape = { rows: 4, vocabulary: VOCABULARY, maxNewTokens: MAX, stride: 2 };
  await gpu.run(sample({ ...shape, first: 0 }, bindings), sample({ ...shape, first: 1 }, { ...bindings, drafts }));
  const drawn = await gpu.readWords(tokens);
  expect([0, 1, 2, 3].map((i) => [...drawn.subarray(i * MAX + 1, i * MAX + 3)])).toEqual([
    [20, 30],
    [9, 0],
    [0, 0],
    [22, 0],
  ]);
  const states = await gpu.readWords(rollouts);
  expect([0, 1, 2, 3].map((i) => [...states.subarray(i * 9 + 3, i * 9 + 6)])).toEqual([
    [30, 3, 0],
    [9, 2, 1],
    [7, 1, 0],
    [22, 2, 0],
  ]);
});

test('the module reads the tokens that were drawn, and drafts from the last row of account', async () => {
  const gpu = runner();
  const pool = normalFloats(VOCABULARY * WIDTH, 2);
  const logits = normalFloats(8 * VOCABULARY, 3);
  const likeliest = (row: number) => {
    const own = [...logits.subarray(row * VOCABULARY, row * VOCABULARY + SETTINGS.numTokens)];
    return own.indexOf(Math.max(...own));
  };
  const states = [
    { token: 30, length: 3 },
    { token: 9, length: 2, done: 1 },
    { token: 7, length: 1 },
    { token: 22, length: 2 },
  ];
  const drafts = gpu.words([20, 9, 9, NO_ROLLOUT]);
  const [y, outcomes] = [gpu.output(8 * WIDTH), gpu.zeros(4 * MAX)];
  const known = {
    live: gpu.words(LIVE),
    places: gpu.words([...PLACES.flat(), ...NONE, ...NONE]),
    rollouts: gpu.words(pack(states)),
    drafts,
  };
  const begin = { rows: 8, width: WIDTH, tableAt: 0, maxNewTokens: MAX };
  const settings = gpu.words(packSampleSettings(SETTINGS));
  await gpu.run(
    draftBegin(begin, { ...known, pool: gpu.floats(pool), y, outcomes }),
    draftChoose({ rows: 4, vocabulary: VOCABULARY }, { ...known, settings, logits: gpu.floats(logits) }),
  );
  const tokens = [20, 30, 9, 9, 22, 22];
  const rows = tokens.flatMap((token) => [...pool.subarray(token * WIDTH, (token + 1) * WIDTH)]);
  expect([...(await gpu.readFloats(y))]).toEqual([...rows, ...new Array(2 * WIDTH).fill(0)]);
  const found = await gpu.readWords(outcomes);
  expect([0, 1, 2, 3].map((i) => found[i * MAX + 1])).toEqual([2, 2, 0, 0]);
  expect([...(await gpu.readWords(drafts))]).toEqual([likeliest(1), likeliest(2), 9, likeliest(4)]);
});
