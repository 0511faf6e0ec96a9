// Whatever a file holds, it is read or refused in words, and what is read can be kept and taken along in a run file.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SoliloquyError } from '../../lib/errors';
import { lines, readOne, resultFile, trlFiles } from '../../testing/resultFiles';
import { packRunFile, readRunFile } from '../runFile';
import { AnswersTable } from './answersTable';
import { readResults } from './readResults';
import { recordOf } from './recordOf';
import type { ResultFile } from './resultFiles';

const NOW = new Date('2026-01-01T00:00:00.000Z');

/** Reads; undefined where it is refused in words. Whatever else is thrown is a fault. */
async function readOrRefused(files: readonly ResultFile[]) {
  try {
    return await readResults(files);
  } catch (error) {
    if (error instanceof SoliloquyError) return undefined;
    throw error;
  }
}

/** That every run read can be a run file, and is the same when that is opened. */
async function expectKept(files: readonly ResultFile[]): Promise<void> {
  for (const one of (await readOrRefused(files)) ?? []) {
    const run = recordOf(one, 'an-id', NOW);
    const again = await readRunFile('the file', packRunFile({ run, steps: one.steps }));
    expect(again).toEqual({ run, steps: one.steps });
  }
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('__proto__', 'constructor', '../../x'),
);
const anyKey = fc.oneof(
  anyText,
  fc.constantFrom('step', 'prompt', 'completion', 'input', 'output', 'score', 'advantage', 'gts'),
);
const anyValue = fc.oneof(
  fc.double(),
  fc.integer(),
  anyText,
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(anyText, fc.record({ role: anyText, content: anyText })), { maxLength: 3 }),
);
const anyRow = fc.oneof(
  fc.dictionary(anyKey, anyValue, { maxKeys: 12 }),
  fc.record({ step: fc.nat(50), data: fc.dictionary(anyKey, anyValue, { maxKeys: 6 }) }),
  fc.record({ input: anyText, output: anyText, gts: anyValue, score: anyValue, step: fc.nat(5), extra: anyValue }),
);

describe('hostile results', () => {
  test('rows of any names and values are read or refused, and what is read can be kept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow, { maxLength: 12 }), anyText, async (rows, name) => {
        await expectKept([resultFile(`${name}.jsonl`, lines(rows))]);
      }),
      { numRuns: 100 },
    );
  });

  test('a trainer_state.json that is changed or cut anywhere is read or refused', async () => {
    const [state] = trlFiles().filter(({ path }) => path.endsWith('.json')) as [ResultFile];
    const bytes = new Uint8Array(await (await state.open()).arrayBuffer());
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length - 1), fc.nat(255), async (end, at, byte) => {
        const changed = bytes.slice(0, end);
        if (at < end) changed[at] = byte;
        await expectKept([resultFile('trainer_state.json', changed)]);
      }),
      { numRuns: 60 },
    );
  });

  test('a Parquet file that is changed or cut anywhere is read or refused, soon', { timeout: 60_000 }, async () => {
    const [parquet] = trlFiles().filter(({ path }) => path.endsWith('.parquet')) as [ResultFile];
    const bytes = new Uint8Array(await (await parquet.open()).arrayBuffer());
    const place = fc.nat(bytes.length - 1);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, fc.nat(255)), { maxLength: 4 }), place, async (changes, cut) => {
        const changed = cut % 8 === 0 ? bytes.slice(0, cut) : bytes.slice();
        for (const [at, byte] of changes) if (at < changed.length) changed[at] = byte;
        const begun = performance.now();
        await expectKept([resultFile('completions_00001.parquet', changed)]);
        expect(performance.now() - begun).toBeLessThan(5000);
      }),
      { numRuns: 250 },
    );
  });

  test('metrics are the same however the bytes of their file come in parts', async () => {
    const rows = Array.from({ length: 40 }, (_, step) => ({ step, loss: step / 7, text: '“é中”\\" {[' }));
    const [whole] = await readOne('m.jsonl', lines(rows));
    const state = JSON.stringify(
      { epoch: 1, log_history: rows, nested: { list: [{ a: [] }] }, max_steps: 40 },
      null,
      1,
    );
    const bytes = new TextEncoder().encode(state);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (size) => {
        const parts = new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
            controller.close();
          },
        });
        const blob = Object.assign(new Blob([bytes]), { stream: () => parts });
        const [run] = await readResults([{ path: 'trainer_state.json', size: bytes.length, open: async () => blob }]);
        expect(run?.steps).toEqual(whole?.steps);
        expect(run?.maxSteps).toBe(40);
      }),
      { numRuns: 15 },
    );
  });
});

test('a path is a name and nothing else: dots and controls in it lead nowhere', async () => {
  const text = lines([{ step: 1, loss: 1 }]);
  for (const path of [
    '../../../etc/passwd.jsonl',
    '..\\..\\x.jsonl',
    'a/../../b/metrics.jsonl',
    '\u202eevil\n.jsonl',
  ]) {
    const [one] = await readOne(path, text);
    expect(one && recordOf(one, 'an-id', NOW).name).toMatch(/^[^/\p{Cc}\p{Cf}]+$/u);
  }
});

describe('a very long file', () => {
  test('of metrics keeps a bounded number of points, the first and the last among them, and every rare value', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => ({
      step: i + 1,
      loss: i,
      ...(i % 5000 === 0 && { eval_loss: i }),
    }));
    const [run] = await readOne('m.jsonl', lines(rows));
    const steps = run?.steps.map(({ metrics }) => metrics) ?? [];
    expect(steps.length).toBeGreaterThan(8000);
    expect(steps.length).toBeLessThanOrEqual(20_000);
    expect(steps.at(-1)).toMatchObject({ step: 50_000, metrics: { loss: 49_999 } });
    expect(steps.filter(({ metrics }) => 'eval_loss' in metrics)).toHaveLength(10);
    expect(run?.about.remarks).toEqual([{ kind: 'stepsJoined', found: 50_000, stride: 4 }]);
  });

  test('of answers keeps those of steps that lie evenly', () => {
    const table = new AnswersTable('f.jsonl', undefined, 100_000);
    for (let step = 1; step <= 700; step++)
      table.add({ step, input: 'a', output: 'x'.repeat(800), score: 1 }, undefined);
    const steps = table.steps(true).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: 88 }, (_, i) => Math.min(700, 8 * (i + 1))));
    expect(table.remarks(true)).toEqual([{ kind: 'answersThinned', found: 700, kept: 88 }]);
  });
});
