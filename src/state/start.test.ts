import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelInfo, ShippedModel } from '../worker/protocol';
import { chosenStart, isProven, type LastRun, SHIPPED_TASK, startChoices, TASKS_WITH_RECIPE } from './start';

const shipped = (id: string): ShippedModel => ({ id, sizeBytes: 1, isShownFirst: id === 'r1' });
const MODELS = ['base', 'r1-zero', 'r1'].map(shipped);
const [base, , r1] = MODELS as [ShippedModel, ShippedModel, ShippedModel];
const model = (name: string, runs: readonly string[] = []): ModelInfo =>
  ({ name, baseModel: name.split(' · ')[0], runs, notices: [], readme: undefined }) as unknown as ModelInfo;
const trained = model('base · calm-otter-7', ['calm-otter-7']);
const run = (task: string, ...accuracies: number[]): LastRun => ({
  name: 'calm-otter-7',
  task,
  steps: accuracies.map((accuracy, i) => ({ step: i + 1, metrics: { 'rewards/accuracy/mean': accuracy } })),
});

describe('where a run starts', () => {
  it('is chosen, never started, and a model that is loaded as it came stands there once', () => {
    expect(startChoices(model('r1'), MODELS)).toEqual(MODELS);
    expect(startChoices(trained, MODELS)).toEqual(['loaded', ...MODELS]);
    expect(chosenStart(model('r1'), MODELS, undefined)).toBe(base);
    expect(chosenStart(model('r1'), MODELS, 'r1')).toBe('loaded');
    expect(chosenStart(trained, MODELS, undefined)).toBe('loaded');
    expect(chosenStart(trained, MODELS, 'base')).toBe(base);
    expect(chosenStart(trained, MODELS, 'gone')).toBe('loaded');
  });

  it('is proven on what it was trained on, and nowhere else', () => {
    expect(isProven(base, { task: SHIPPED_TASK }, trained, MODELS, undefined)).toBe(true);
    expect(isProven('loaded', { task: SHIPPED_TASK }, model('r1'), MODELS, undefined)).toBe(true);
    for (const task of TASKS_WITH_RECIPE) {
      expect(isProven(r1, { task }, trained, MODELS, undefined)).toBe(false);
      expect(isProven('loaded', { task }, model('r1'), MODELS, undefined)).toBe(false);
    }
  });

  it('is not proven after a run that was never right at the end, whatever it was before, nor for a model of unknown past', () => {
    const isGood = (last: LastRun | undefined, task = SHIPPED_TASK) =>
      isProven('loaded', { task }, trained, MODELS, last);
    expect(isGood(run(SHIPPED_TASK, 0.3, 0.5))).toBe(true);
    expect(isGood(run(SHIPPED_TASK, 0.5, 0))).toBe(false);
    expect(isGood(run(SHIPPED_TASK, 0.5, Number.NaN))).toBe(false);
    expect(isGood(run(SHIPPED_TASK))).toBe(false);
    expect(isGood(run('countdown', 0.5))).toBe(false);
    expect(isGood({ ...run(SHIPPED_TASK, 0.5), name: 'another-run-1' })).toBe(false);
    expect(isGood(undefined)).toBe(false);
    expect(isProven('loaded', { task: SHIPPED_TASK }, model('mine'), MODELS, undefined)).toBe(false);
  });

  it('knows the recipes that there are', () => {
    expect(readdirSync('recipes/tasks').map((file) => file.replace('.json', ''))).toEqual([...TASKS_WITH_RECIPE]);
    expect(JSON.parse(readFileSync('recipes/base.json', 'utf8')).task).toBe(SHIPPED_TASK);
    expect(existsSync('recipes/tasks/mixture.json')).toBe(false);
  });
});
