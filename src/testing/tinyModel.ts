// A device and a very small model for tests of everything above the kernels.
import * as v from 'valibot';
import { afterAll, beforeAll } from 'vitest';
import { type LanguageModel, loadLanguageModel } from '../engine/languageModel';
import { openRuntime, type Runtime } from '../engine/runtime';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { initialFolder, type PretrainRecipe, pretrainRecipeSchema } from '../trainer/texts/pretrain';
import { openTestDevice } from './device';

/** Call at the top of a test file: opens a device before its tests. The runtime, once tests run. */
export function setUpRuntime(): () => Runtime {
  let runtime: Runtime | undefined;
  beforeAll(async () => {
    runtime = await openRuntime(openTestDevice, createNodeSandbox());
  });
  afterAll(() => runtime?.device.destroy());
  return () => {
    if (!runtime) throw new Error('a runtime is there only while tests run');
    return runtime;
  };
}

/** A recipe for two layers of width 16, the second with four experts, on sums of two small numbers. */
export function tinyRecipe(changes: Partial<v.InferInput<typeof pretrainRecipeSchema>> = {}): PretrainRecipe {
  return v.parse(pretrainRecipeSchema, {
    name: 'tiny',
    seed: 3,
    preset: 'tiny',
    model: { first_k_dense_replace: 1 },
    task: 'chained_sums',
    difficulty: { min_terms: 2, max_terms: 2, max_number: 2 },
    steps: 8,
    tokens_per_step: 128,
    learning_rate: 1e-2,
    ...changes,
  });
}

/** The recipe's model before its first step, on the device. */
export function tinyModel(runtime: Runtime, isTrained: boolean, recipe = tinyRecipe()): Promise<LanguageModel> {
  return loadLanguageModel(runtime, recipe.name, initialFolder(recipe), isTrained);
}
