import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rng } from '../lib/rng';
import { task } from '../tasks/kinds/chainedSums';
import { madeUpGroup } from '../testing/madeUp';
import type { StepMetrics } from './protocol';
import { metricsCsv, metricsJsonl, rolloutsJsonl } from './runTables';

/** Fields of a CSV whose fields have no line breaks. */
const parse = (csv: string) =>
  csv
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
      ),
    );

describe('metrics as a table', () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  const name = fc.constantFrom('loss', 'reward', 'rewards/accuracy/mean', 'eval/accuracy', 'a,b', 'a"b');
  const steps: fc.Arbitrary<StepMetrics[]> = fc
    .array(fc.dictionary(name, value, { noNullPrototype: true }), { minLength: 1, maxLength: 5 })
    .map((list) => list.map((metrics, step) => ({ step, metrics })));

  it('has every number, and an empty field where there is none', () => {
    fc.assert(
      fc.property(steps, (found) => {
        const [names = [], ...rows] = parse(metricsCsv(found));
        expect(rows).toHaveLength(found.length);
        const read = rows.map((row) => {
          const filled = row.map((text, i) => [names[i] as string, text] as const).filter(([, text]) => text !== '');
          const { step, ...metrics } = Object.fromEntries(filled.map(([key, text]) => [key, Number(text)]));
          return { step, metrics };
        });
        expect(read).toEqual(found.map(({ step, metrics }) => ({ step, metrics: plain(metrics) })));
      }),
    );
  });

  it('is a JSON object a line', () => {
    const text = metricsJsonl([
      { step: 1, metrics: { loss: 0.5, kl: Number.NaN } },
      { step: 2, metrics: {} },
    ]);
    expect(text).toBe('{"step":1,"loss":0.5,"kl":null}\n{"step":2}\n');
  });
});

/** Of a text there is no other 0 than 0. */
const plain = (metrics: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(metrics).map(([key, number]) => [key, number === 0 ? Number(String(number)) : number]),
  );

it('answers are a JSON object a completion, with a column a reward', () => {
  const problem = task.generate(rng(1, 'problem'), { min_terms: 2, max_terms: 2, max_number: 9 });
  const group = madeUpGroup(problem, { seed: 1, step: 3, index: 0, size: 4 });
  const rows = rolloutsJsonl([group])
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(4);
  const [member] = group.members;
  expect(rows[0]).toEqual({
    step: 3,
    group: 0,
    prompt: group.question,
    completion: member?.tokens.map((token) => token.text).join(''),
    ...member?.rewards,
    reward: member?.reward,
    advantage: member?.advantage,
    answer: member?.answer ?? null,
    gold: group.gold,
    num_tokens: member?.tokens.length,
    stop_reason: member?.stopReason,
  });
});
