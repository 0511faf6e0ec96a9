import { describe, expect, it } from 'vitest';
import { task as chainedSums } from '../../tasks/kinds/chainedSums';
import { setUpRuntime, tinyModel } from '../../testing/tinyModel';
import { drawProblems } from './evaluate';
import { type Measurement, measureScaling, type ScalingPlan } from './scaling';

const runtime = setUpRuntime();

const EASY = { min_terms: 2, max_terms: 2, max_number: 2 };
const CONTROLS = [undefined, { budget: 0, waits: 0 }, { budget: 6, waits: 0 }, { budget: null, waits: 1 }];

async function planOf(batch: number): Promise<{ model: Awaited<ReturnType<typeof tinyModel>>; plan: ScalingPlan }> {
  const model = await tinyModel(runtime(), false);
  const { endTokens, vocabSize } = model.tokenizer;
  const plan = {
    task: chainedSums,
    problems: drawProblems(chainedSums, EASY, 'held-out', 1, 3),
    sampling: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 40, endTokens, numTokens: vocabSize },
    seed: 1,
    samples: 4,
    batch,
    controls: CONTROLS,
  };
  return { model, plan };
}

const figures = ({ control, accuracyError, votes, evaluation }: Measurement) => {
  const { accuracy, meanThinkingTokens, answers } = evaluation;
  return { control, accuracyError, votes, accuracy, meanThinkingTokens, texts: answers.map((a) => a.completion.text) };
};

describe('measuring test-time scaling', () => {
  it('measures under every control in order, to the same figures however the answers were batched', async () => {
    const all: ReturnType<typeof figures>[][] = [];
    for (const batch of [12, 4]) {
      const { model, plan } = await planOf(batch);
      const done: number[] = [];
      const measured: Measurement[] = [];
      const onProgress = (count: number, total: number) => done.push(count / total);
      for await (const one of measureScaling(runtime(), model, plan, { onProgress })) measured.push(one);
      model.weights.destroy();
      expect(measured.map(({ control }) => control)).toEqual(CONTROLS);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      expect(done.at(-1)).toBe(1);
      expect(measured[1]?.evaluation.meanThinkingTokens).toBe(0);
      expect(measured[2]?.evaluation.meanThinkingTokens).toBeLessThanOrEqual(6);
      for (const { votes } of measured) expect(votes.map(({ k }) => k)).toEqual([1, 2, 4]);
      all.push(measured.map(figures));
    }
    expect(all[0]).toEqual(all[1]);
  });

  it('ends before the next batch when it is told to, and frees what it held', async () => {
    const { model, plan } = await planOf(4);
    const before = runtime().device.memory.bytes;
    const stop = new AbortController();
    const measured: Measurement[] = [];
    let batches = 0;
    const inTurn = async <T>(batch: () => Promise<T>): Promise<T> => {
      // The first control takes three batches, one a problem.
      if (++batches === 4) stop.abort();
      return batch();
    };
    const work = async () => {
      for await (const one of measureScaling(runtime(), model, plan, { inTurn, signal: stop.signal }))
        measured.push(one);
    };
    await expect(work()).rejects.toThrow(/abort/i);
    expect(batches).toBe(4);
    expect(measured).toHaveLength(1);
    expect(runtime().device.memory.bytes).toBe(before);
    model.weights.destroy();
  });
});
