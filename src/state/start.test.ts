import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelInfo, RunRecord, ShippedModel } from '../protocol/protocol';
import { noRun, reduceRun } from './runReducer';
import { chosenStart, isProven, type LastRun, lastRunOf, SHIPPED_TASK, startChoices, TASKS_WITH_RECIPE } from './start';

const shipped = (id: string): ShippedModel => ({ id, sizeBytes: 1, isShownFirst: id === 'r1' });
const MODELS = ['base', 'r1-zero', 'r1'].map(shipped);
const [base, , r1] = MODELS as [ShippedModel, ShippedModel, ShippedModel];
const model = (name: string, runs: readonly string[] = []): ModelInfo =>
  ({ name, baseModel: name.split(' · ')[0], runs, notices: [], readme: undefined }) as unknown as ModelInfo;
const trained = model('base · calm-otter-7', ['calm-otter-7']);
/** A run with what was measured on held-out problems after each of its steps; all its answers in training were right. */
const run = (task: string, ...accuracies: (number | undefined)[]): LastRun => ({
  name: 'calm-otter-7',
  task,
  step: accuracies.length - 1,
  hasFailed: false,
  steps: accuracies.map((accuracy, step) => ({
    step,
    metrics: { 'rewards/accuracy/mean': 1, ...(accuracy !== undefined && { 'eval/accuracy': accuracy }) },
  })),
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

  it('is not proven after a run not measured right at times since its last update, nor for a model of unknown past', () => {
    const isGood = (last: LastRun | undefined, task = SHIPPED_TASK) =>
      isProven('loaded', { task }, trained, MODELS, last);
    expect(isGood(run(SHIPPED_TASK, 0.3, 0.5))).toBe(true);
    expect(isGood(run(SHIPPED_TASK, 0.5, 0))).toBe(false);
    expect(isGood(run(SHIPPED_TASK, 0.5, Number.NaN))).toBe(false);
    expect(isGood(run(SHIPPED_TASK))).toBe(false);
    // Answers are drawn before a step's own update, and what was measured before it is of other weights.
    expect(isGood(run(SHIPPED_TASK, 0.44, undefined))).toBe(false);
    // A step that wrecks the weights is never recorded.
    expect(isGood({ ...run(SHIPPED_TASK, 0.44), step: 2 })).toBe(false);
    expect(isGood({ ...run(SHIPPED_TASK, 0.44), hasFailed: true })).toBe(false);
    // Back at a good checkpoint, whatever came after it.
    expect(isGood({ ...run(SHIPPED_TASK, 0.44, 0), step: 0 })).toBe(true);
    expect(isGood(run('countdown', 0.5))).toBe(false);
    expect(isGood({ ...run(SHIPPED_TASK, 0.5), name: 'another-run-1' })).toBe(false);
    expect(isGood(undefined)).toBe(false);
    expect(isProven('loaded', { task: SHIPPED_TASK }, model('mine'), MODELS, undefined)).toBe(false);
  });

  it('is told by the open run of this tab, and by its failure', () => {
    const settings = { task: SHIPPED_TASK };
    const record = { name: 'calm-otter-7', settings, step: 1, status: 'paused' } as unknown as RunRecord;
    const state = { ...noRun, origin: 'live', run: record } as const;
    expect(lastRunOf(state)).toEqual({ name: record.name, task: SHIPPED_TASK, step: 1, hasFailed: false, steps: [] });
    const error = { code: 'wrecked_run', userMessage: '', remedy: '' } as const;
    const failed = reduceRun({ ...state, run: { ...record, id: 'a' } }, { type: 'runFailed', runId: 'a', error });
    expect(lastRunOf(failed)).toMatchObject({ hasFailed: true });
    expect(lastRunOf({ ...state, origin: 'elsewhere' })).toBeUndefined();
    expect(lastRunOf(noRun)).toBeUndefined();
  });

  it('knows the recipes that there are', () => {
    expect(readdirSync('recipes/tasks').map((file) => file.replace('.json', ''))).toEqual([...TASKS_WITH_RECIPE]);
    expect(JSON.parse(readFileSync('recipes/base.json', 'utf8')).task).toBe(SHIPPED_TASK);
    expect(existsSync('recipes/tasks/mixture.json')).toBe(false);
  });
});
