// The engine's losses of preferred pairs are TRL's: loss, gradients and what its metrics are made of.
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { floatTensor, type StoredTensor } from '../../lib/tensors/storedTensor';
import { parseConfigJson } from '../../model/configJson';
import { parameterShapes } from '../../model/parameterShapes';
import { Weights } from '../../model/weights';
import { expectClose } from '../../testing/close';
import { loadFixture } from '../../testing/fixture';
import { setUpRuntime } from '../../testing/tinyModel';
import { gradeTexts } from './grader';
import { type PreferencePair, toBeGraded } from './pairs';
import {
  dpoConfigSchema,
  type PreferenceConfig,
  preferenceSettings,
  rewardConfigSchema,
  scoreOf,
} from './preferenceConfig';
import { PreferenceGradient, withOffsets, withReference } from './preferenceGradient';
import { preferenceMetrics } from './preferenceMetrics';

interface Golden {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly grads: Readonly<Record<string, number[]>>;
}

const GOLDEN: {
  readonly pairs: readonly { readonly prompt: number[]; readonly chosen: number[]; readonly rejected: number[] }[];
  readonly ref_chosen_logps: number[];
  readonly ref_rejected_logps: number[];
  readonly dpo: Readonly<Record<string, Golden>>;
  readonly config: unknown;
  readonly score: number[];
  readonly grades: number[];
  readonly reward: Readonly<Record<string, Golden>>;
} = JSON.parse(readFileSync(new URL('../../testing/fixtures/preferences.json', import.meta.url), 'utf8'));

const F32 = 'f32 sums in another order than PyTorch’s';
const runtime = setUpRuntime();
const fixture = loadFixture('deepseek_v3');
const grader = parseConfigJson(GOLDEN.config).architecture;

function uploaded(isGrader: boolean): Promise<Weights> {
  const architecture = isGrader ? grader : fixture.architecture;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, values] of fixture.weights) {
    const shape = parameterShapes(architecture).get(name);
    if (shape) tensors.set(name, floatTensor(shape, Float32Array.from(values)));
  }
  if (isGrader) tensors.set('score.weight', floatTensor([1, architecture.width], Float32Array.from(GOLDEN.score)));
  return Weights.upload(runtime().device, architecture, tensors, true);
}

function pairsOf(config: PreferenceConfig): PreferencePair[] {
  const side = (prompt: number[], completion: number[]) => {
    const sequence = { prompt, completion, offset: 0 };
    return scoreOf(config) === 'grade' ? toBeGraded(sequence) : sequence;
  };
  const pairs = GOLDEN.pairs.map(({ prompt, chosen, rejected }) => ({
    chosen: side(prompt, chosen),
    rejected: side(prompt, rejected),
  }));
  const { ref_chosen_logps, ref_rejected_logps } = GOLDEN;
  const reference = ref_chosen_logps.flatMap((logp, i) => [logp, ref_rejected_logps[i] as number]);
  return scoreOf(config) === 'grade' ? pairs : withOffsets(pairs, reference);
}

async function check(config: PreferenceConfig, golden: Golden, capacity: number) {
  const score = scoreOf(config);
  const weights = await uploaded(score === 'grade');
  const pairs = pairsOf(config);
  const gradient = await PreferenceGradient.create(runtime(), weights, { capacity, maxPairs: pairs.length, score });
  const sums = await gradient.accumulate({ pairs, settings: preferenceSettings(config, pairs.length) });
  const metrics = preferenceMetrics(config, pairs, sums);
  expectClose([metrics.loss as number], [golden.loss], { relative: 1e-5, because: F32 });
  for (const name of Object.keys(metrics).filter((name) => name !== 'loss'))
    expectClose([metrics[name] as number], [golden.metrics[name] as number], {
      absolute: 2e-4,
      relative: 1e-5,
      because: F32,
    });
  const found = await weights.readGradients(runtime().readback);
  for (const [diskName, values] of Object.entries(golden.grads)) {
    const name = diskName === 'score.weight' ? diskName : fixture.parameterOf(diskName);
    const largest = Math.max(...values.map(Math.abs));
    const gradients = new Float32Array((await found.get(name)?.read())?.slice().buffer as ArrayBuffer);
    expectClose(gradients, values, { absolute: 1e-5 * largest, because: F32 });
  }
  gradient.destroy();
  weights.destroy();
}

describe.each([256, 28])('the losses of preferred pairs in batches of %i tokens', (capacity) => {
  it.each(Object.entries(GOLDEN.dpo))('DPO: %s', async (_, golden) => {
    const [loss_type] = golden.settings.loss_type as [string];
    await check(v.parse(dpoConfigSchema, { ...golden.settings, loss_type }), golden, capacity);
  });

  it.each(Object.entries(GOLDEN.reward))('the reward model: %s', async (_, golden) => {
    await check(v.parse(rewardConfigSchema, golden.settings), golden, capacity);
  });
});

it('grades are transformers’, however they are batched', async () => {
  const weights = await uploaded(true);
  const texts = (['chosen', 'rejected'] as const).flatMap((side) =>
    GOLDEN.pairs.map((pair) => ({ prompt: pair.prompt, completion: pair[side] })),
  );
  for (const capacity of [256, 16])
    expectClose(await gradeTexts(runtime(), weights, texts, capacity), GOLDEN.grades, { absolute: 5e-5, because: F32 });
  weights.destroy();
});

it('the reference’s log-probabilities are the model’s own before a first step, so that every margin is 0', async () => {
  const config = v.parse(dpoConfigSchema, {});
  const weights = await uploaded(false);
  const pairs = await withReference(runtime(), weights, pairsOf(config), 64);
  const gradient = await PreferenceGradient.create(runtime(), weights, {
    capacity: 64,
    maxPairs: 3,
    score: 'logProbs',
  });
  const sums = await gradient.accumulate({ pairs, settings: preferenceSettings(config, 3) });
  expectClose(
    sums.flatMap(({ chosen, rejected }) => [chosen, rejected]),
    new Array(6).fill(0),
    {
      absolute: 2e-5,
      because: F32,
    },
  );
  expect(preferenceMetrics(config, pairs, sums).loss).toBeCloseTo(Math.log(2), 5);
  gradient.destroy();
  weights.destroy();
});
