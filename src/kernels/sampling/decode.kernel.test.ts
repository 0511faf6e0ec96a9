import { describe, expect, test } from 'vitest';
import { pcg4d } from '../../lib/rng';
import { logSumExp } from '../../reference/array';
import { logProb } from '../../reference/logProb';
import { sample as referenceSample, survivors } from '../../reference/sample';
import { expectClose } from '../../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import {
  decodeBegin,
  decodeLive,
  MAX_END_TOKENS,
  NO_ROLLOUT,
  NUM_ALTERNATIVES,
  packSampleSettings,
  ROLLOUT_WORDS,
  type SampleSettings,
  sample,
} from './decode';

const runner = setUpKernelRunner();
const MAX_NEW_TOKENS = 6;
/** The last of as many as the kernel looks at. */
const END_TOKENS = [3, ...Array.from({ length: MAX_END_TOKENS - 2 }, (_, i) => 20 + i), 66];

interface Rollout {
  readonly promptFirst: number;
  readonly promptLength: number;
  readonly ownFirst: number;
  readonly token: number;
  readonly length: number;
  readonly done: number;
  readonly key: readonly [number, number, number];
}

function pack(rollouts: readonly Rollout[]): number[] {
  return rollouts.flatMap((r) => [r.promptFirst, r.promptLength, r.ownFirst, r.token, r.length, r.done, ...r.key]);
}

/** Rollouts at various lengths over prompts of 0, 1, 4 and 9 tokens that lie one after the other. */
function someRollouts(count: number): Rollout[] {
  const keys = integers(count * 3, 2 ** 31, 5);
  const prompts = [
    { promptFirst: 0, promptLength: 0 },
    { promptFirst: 0, promptLength: 1 },
    { promptFirst: 1, promptLength: 4 },
    { promptFirst: 5, promptLength: 9 },
  ];
  return Array.from({ length: count }, (_, i) => ({
    ...(prompts[i % 4] ?? { promptFirst: 0, promptLength: 0 }),
    ownFirst: 14 + i * MAX_NEW_TOKENS,
    token: (i * 7) % 50,
    length: i % MAX_NEW_TOKENS,
    done: 0,
    key: [keys[3 * i] ?? 0, keys[3 * i + 1] ?? 0, keys[3 * i + 2] ?? 0],
  }));
}

/** The rows of the batch are rollouts 1, 2, 3, … of one more than there are rows: none stands at its own index. */
function liveRows(rows: number): number[] {
  return Array.from({ length: rows }, (_, row) => row + 1);
}

describe.each([1, 63, 64, 65])('a decode step of %i rows', (rows) => {
  const rollouts = someRollouts(rows + 1);
  const live = liveRows(rows);

  test.each([1, 3, 1000])(
    'goes on with those that have not ended, first and in order, where every %ith has',
    async (nth) => {
      const gpu = runner();
      const someDone = rollouts.map((rollout, i) => ({ ...rollout, done: i % nth === 0 ? 1 : 0 }));
      const [goingOn, numLive] = [gpu.output(rows + 1), gpu.output(1)];
      const given = { chosen: gpu.words([...live, NO_ROLLOUT]), rollouts: gpu.words(pack(someDone)) };
      await gpu.run(decodeLive(rows + 1, { ...given, live: goingOn, num_live: numLive }));
      const expected = live.filter((index) => someDone[index]?.done === 0);
      const rest = new Array<number>(rows + 1 - expected.length).fill(NO_ROLLOUT);
      expect([...(await gpu.readWords(goingOn))]).toEqual([...expected, ...rest]);
      expect((await gpu.readWords(numLive))[0]).toBe(expected.length);
    },
  );

  test.each([8, 5])('begins where each live rollout stands, with embeddings %i wide', async (width) => {
    const gpu = runner();
    const table = normalFloats(64 + 50 * width, 1);
    const [places, y] = [gpu.output((rows + 1) * 4), gpu.output((rows + 1) * width)];
    const given = {
      live: gpu.words([...live, NO_ROLLOUT]),
      rollouts: gpu.words(pack(rollouts)),
      pool: gpu.floats(table),
    };
    const shape = { rows: rows + 1, width, tableAt: 64 };
    await gpu.run(decodeBegin(shape, { ...given, places, y }));
    const expected = live.map((index) => rollouts[index] as Rollout);
    expect([...(await gpu.readWords(places))]).toEqual([
      ...expected.flatMap((r) => [r.promptFirst, r.promptLength, r.ownFirst, r.length]),
      ...[0, 0, NO_ROLLOUT, 0],
    ]);
    expect([...(await gpu.readFloats(y))]).toEqual([
      ...expected.flatMap(({ token }) => [...table.subarray(64 + token * width, 64 + (token + 1) * width)]),
      ...new Array<number>(width).fill(0),
    ]);
  });
});

const SETTINGS: SampleSettings = {
  temperature: 1,
  topP: 1,
  topK: 0,
  endTokens: END_TOKENS,
  maxNewTokens: MAX_NEW_TOKENS,
  numTokens: 67,
};

/** Draws one token for each row and reads everything back. */
async function draw(gpu: KernelRunner, rollouts: readonly Rollout[], logits: Float32Array, settings: SampleSettings) {
  const rows = rollouts.length - 1;
  const size = rollouts.length * MAX_NEW_TOKENS;
  const t = {
    rollouts: gpu.words(pack(rollouts)),
    tokens: gpu.words(new Array(size).fill(999)),
    log_probs: gpu.output(size * 2),
    entropies: gpu.output(size),
    alternatives: gpu.output(size * NUM_ALTERNATIVES * 2),
  };
  const given = {
    settings: gpu.words(packSampleSettings(settings)),
    live: gpu.words(liveRows(rows)),
    logits: gpu.floats(logits),
  };
  await gpu.run(sample({ rows, vocabulary: logits.length / rows, maxNewTokens: MAX_NEW_TOKENS }, { ...given, ...t }));
  const after = await gpu.readWords(t.rollouts);
  const logProbs = await gpu.readFloats(t.log_probs);
  return {
    tokens: await gpu.readWords(t.tokens),
    logProbs: logProbs.filter((_, i) => i % 2 === 0),
    drawnLogProbs: logProbs.filter((_, i) => i % 2 === 1),
    entropies: await gpu.readFloats(t.entropies),
    alternatives: await gpu.readWords(t.alternatives),
    rollout: (index: number) => {
      const [token, length, done] = after.subarray(index * ROLLOUT_WORDS + 3);
      return { token, length, done };
    },
  };
}

/** The uniform number that decides rollout r's next token: 23 bits, never 0 or 1. */
function uniformOf({ key, length }: Rollout): number {
  return ((pcg4d(...key, length)[0] >>> 9) + 0.5) / 2 ** 23;
}

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a rollout one of whose logits is %o ends at once, with a log-probability that is none; the others go on',
  async (bad) => {
    for (const temperature of [0, 0.7]) {
      const rollouts = someRollouts(4);
      const logits = normalFloats(3 * 67, 3);
      logits[67 + 40] = bad;
      const drawn = await draw(runner(), rollouts, logits, { ...SETTINGS, temperature });
      const [, wrecked] = liveRows(3);
      for (const index of liveRows(3)) {
        const logProb = drawn.logProbs[index * MAX_NEW_TOKENS + (rollouts[index] as Rollout).length] as number;
        expect(logProb <= 0).toBe(index !== wrecked);
        if (index === wrecked) expect(drawn.rollout(index).done).toBe(1);
      }
    }
  },
);

describe.each([1, 63, 64, 65, 200])('sampling %i rows', (rows) => {
  const rollouts = someRollouts(rows + 1);
  const vocabulary = 67;
  const logits = normalFloats(rows * vocabulary, 1).map((value) => 2 * value);
  const rowOf = (row: number, width = vocabulary) => logits.subarray(row * vocabulary, row * vocabulary + width);
  const at = (index: number) => index * MAX_NEW_TOKENS + (rollouts[index] as Rollout).length;

  test.each([
    {},
    { temperature: 0.6 },
    { topK: 1 },
    { topK: 5 },
    { topP: 0.9 },
    { topP: 0.3, temperature: 1.5 },
    { topK: 8, topP: 0.7, temperature: 0.8 },
    { numTokens: 40 },
    { numTokens: 40, topK: 5, topP: 0.8 },
    { numTokens: 40, topP: 0.5 },
    { minP: 0.1 },
    { minP: 1 },
    { minP: 0.02, topK: 8, topP: 0.9, temperature: 1.4, numTokens: 40 },
  ])('draws what the reference draws from the same uniform number, with %o', async (changed) => {
    const settings = { ...SETTINGS, ...changed };
    const drawn = await draw(runner(), rollouts, logits, settings);
    const expected = liveRows(rows).map((index, row) =>
      referenceSample(rowOf(row, settings.numTokens), uniformOf(rollouts[index] as Rollout), settings),
    );
    expect(liveRows(rows).map((index) => drawn.tokens[at(index)])).toEqual(expected);
    // Log-probability and entropy are those of the whole softmax, whatever was filtered: the trainer's.
    const truth = logProb(logits, expected, settings.temperature);
    const tolerance = { absolute: 3e-6, because: 'f32 sums of 67 exponentials' };
    expectClose(
      liveRows(rows).map((index) => drawn.logProbs[at(index)] ?? Number.NaN),
      truth.logp,
      tolerance,
    );
    expectClose(
      liveRows(rows).map((index) => drawn.entropies[at(index)] ?? Number.NaN),
      truth.entropy,
      tolerance,
    );
    // The other log-probability is that of the draw: among the survivors alone.
    const drawnLogps = expected.map((token, row) => {
      const width = settings.numTokens;
      const allowed = survivors(rowOf(row, width), settings);
      const scaled = [...rowOf(row, width)].map((logit) => logit / settings.temperature);
      return (scaled[token] as number) - logSumExp(scaled.filter((_, v) => allowed[v]));
    });
    expectClose(
      liveRows(rows).map((index) => drawn.drawnLogProbs[at(index)] ?? Number.NaN),
      drawnLogps,
      tolerance,
    );
  });

  test('at temperature 0 the likeliest token is taken', async () => {
    const drawn = await draw(runner(), rollouts, logits, { ...SETTINGS, temperature: 0 });
    const expected = liveRows(rows).map((_, row) => rowOf(row).indexOf(Math.max(...rowOf(row))));
    expect(liveRows(rows).map((index) => drawn.tokens[at(index)])).toEqual(expected);
    expect(liveRows(rows).map((index) => drawn.drawnLogProbs[at(index)])).toEqual(liveRows(rows).map(() => 0));
  });

  test('a rollout moves on by one token and is done at any end token or at the limit', async () => {
    const drawnBy = (row: number) => (row % 2 ? (END_TOKENS[((row - 1) / 2) % END_TOKENS.length] as number) : 9);
    const certain = Float32Array.from(logits, (_, i) =>
      i % vocabulary === drawnBy(Math.floor(i / vocabulary)) ? 50 : 0,
    );
    const drawn = await draw(runner(), rollouts, certain, SETTINGS);
    liveRows(rows).forEach((index, row) => {
      const token = drawnBy(row);
      const length = (rollouts[index] as Rollout).length + 1;
      const done = row % 2 === 1 || length === MAX_NEW_TOKENS ? 1 : 0;
      expect(drawn.rollout(index)).toEqual({ token, length, done });
    });
  });

  test('a rollout that is done, or not in the batch, is left as it was', async () => {
    const finished = rollouts.map((rollout) => ({ ...rollout, done: 1 }));
    const drawn = await draw(runner(), finished, logits, SETTINGS);
    expect(drawn.tokens.every((token) => token === 999)).toBe(true);
    finished.forEach(({ token, length, done }, index) => {
      expect(drawn.rollout(index)).toEqual({ token, length, done });
    });
  });

  test('the alternatives are the likeliest tokens in order, of equals the lowest first', async () => {
    const tied = logits.map((value) => Math.round(value));
    const drawn = await draw(runner(), rollouts, tied, SETTINGS);
    liveRows(rows).forEach((index, row) => {
      const values = tied.subarray(row * vocabulary, (row + 1) * vocabulary);
      const order = Array.from(values, (_, v) => v).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
      const found = Array.from(
        { length: NUM_ALTERNATIVES },
        (_, a) => drawn.alternatives[(at(index) * NUM_ALTERNATIVES + a) * 2],
      );
      expect(found).toEqual(order.slice(0, NUM_ALTERNATIVES));
    });
  });
});

describe('sampling from a vocabulary that several threads share', () => {
  const vocabulary = 1500;
  const rollouts = someRollouts(6);
  const rows = rollouts.length - 1;
  const logits = normalFloats(rows * vocabulary, 4).map((value) => 2 * value);
  const at = (index: number) => index * MAX_NEW_TOKENS + (rollouts[index] as Rollout).length;
  /** The order in which probabilities are added up: each member's tokens after those of the member before. */
  const order = (numTokens: number) =>
    Array.from({ length: numTokens }, (_, v) => v).sort((a, b) => (a % 256) - (b % 256) || a - b);

  test.each([
    {},
    { temperature: 0.6 },
    { topK: 1 },
    { topK: 300 },
    { topP: 0.5 },
    { topK: 800, topP: 0.7, temperature: 0.8 },
    { numTokens: 1030, topP: 0.9 },
  ])('draws what the reference draws in the order of the threads, with %o', async (changed) => {
    const settings = { ...SETTINGS, numTokens: vocabulary, ...changed };
    const drawn = await draw(runner(), rollouts, logits, settings);
    const tokens = order(settings.numTokens);
    const expected = liveRows(rows).map((index, row) => {
      const inOrder = tokens.map((v) => logits[row * vocabulary + v] as number);
      return tokens[referenceSample(inOrder, uniformOf(rollouts[index] as Rollout), settings)] as number;
    });
    expect(liveRows(rows).map((index) => drawn.tokens[at(index)])).toEqual(expected);
    const truth = logProb(logits, expected, settings.temperature);
    const tolerance = { absolute: 1e-5, because: `f32 sums of ${vocabulary} exponentials` };
    const found = (values: Float32Array) => liveRows(rows).map((index) => values[at(index)] ?? Number.NaN);
    expectClose(found(drawn.logProbs), truth.logp, tolerance);
    expectClose(found(drawn.entropies), truth.entropy, tolerance);
  });

  test('the likeliest token and the alternatives are those of the whole row', async () => {
    const tied = logits.map((value) => Math.round(value));
    const drawn = await draw(runner(), rollouts, tied, { ...SETTINGS, numTokens: vocabulary, temperature: 0 });
    liveRows(rows).forEach((index, row) => {
      const values = tied.subarray(row * vocabulary, (row + 1) * vocabulary);
      const best = Array.from(values, (_, v) => v).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
      const first = at(index) * NUM_ALTERNATIVES * 2;
      const found = Array.from({ length: NUM_ALTERNATIVES }, (_, a) => drawn.alternatives[first + a * 2]);
      expect([drawn.tokens[at(index)], ...found]).toEqual([best[0], ...best.slice(0, NUM_ALTERNATIVES)]);
    });
  });

  test.each([
    { count: 1024 },
    { count: 65536 },
    { count: 65536, nth: 64, topK: 1000 },
    { count: 65536, nth: 64, topP: 0.01 },
  ])('the frequency of each draw is its probability, with %o', async ({ count, nth = 1, ...changed }) => {
    // Every nth token is equally likely and alone survives: a draw in the order of the threads is u · their number, rounded down.
    const many = someRollouts(count > 1024 ? 9 : 65);
    const logits = Float32Array.from({ length: (many.length - 1) * count }, (_, i) => (i % nth === 0 ? 0 : -1));
    const drawn = await draw(runner(), many, logits, { ...SETTINGS, numTokens: count, ...changed });
    const tokens = order(count).filter((v) => v % nth === 0);
    many.slice(1).forEach((rollout, row) => {
      const place = (row + 1) * MAX_NEW_TOKENS + rollout.length;
      expect(drawn.tokens[place]).toBe(tokens[Math.floor(uniformOf(rollout) * tokens.length)]);
    });
  });
});
