// Device time by kernel, of decoding and of training, measured on a copy so that the loaded model and its run stay as they are.
import type { KernelTimes } from '../device/contract';
import { type LanguageModel, loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { SoliloquyError } from '../lib/errors';
import type { ProgramProfile } from '../protocol/protocol';
import { completeDifficulty } from '../tasks/difficulty';
import { allTasks } from '../tasks/registry';
import type { Task } from '../tasks/task';
import { GrpoTraining } from '../trainer/grpo/grpo';
import { grpoConfig } from '../trainer/grpo/grpoConfig';

/** The device has no `timestamp-query`. */
export class ProfileError extends SoliloquyError {
  readonly code = 'no_profile';
}

const QUESTIONS = 8;
const ROLLOUTS = 8;
const NEW_TOKENS = 48;

function presentKernels(times: KernelTimes | undefined): ProgramProfile['kernels'] {
  const kernels = [...(times ?? [])].map(([kernel, cost]) => ({ kernel, ...cost }));
  return kernels.sort((a, b) => b.ms - a.ms);
}

/**
 * One decode step of one rollout and of many, and one packed batch of the update with AdamW, after a real step has filled
 * their buffers.
 * @throws ProfileError without timestamps; OutOfMemoryError where there is no room for a second model.
 */
export async function profileModel(runtime: Runtime, model: LanguageModel): Promise<readonly ProgramProfile[]> {
  if (!runtime.device.features.has('timestamp-query')) {
    throw new ProfileError(
      'This device has no timestamps, so its kernels cannot be timed.',
      'The times of whole phases, by the clock, are shown after each answer and training step.',
    );
  }
  const copy = await loadLanguageModel(runtime, 'profile', model.folder, true);
  const task = allTasks()[0] as Task;
  const config = grpoConfig({
    num_prompts: QUESTIONS,
    num_generations: ROLLOUTS,
    max_completion_length: NEW_TOKENS,
    max_steps: 1,
  });
  try {
    const trainer = await GrpoTraining.create(runtime, copy, task, completeDifficulty(task.dials, {}), config);
    try {
      await trainer.takeStep();
      const rollouts = QUESTIONS * ROLLOUTS;
      const { generator } = trainer;
      return [
        { program: 'decodeOne', size: 1, kernels: presentKernels(await generator.profile(1)) },
        { program: 'decodeMany', size: rollouts, kernels: presentKernels(await generator.profile(rollouts)) },
        { program: 'update', size: trainer.updateTokens, kernels: presentKernels(await trainer.profileUpdate()) },
      ];
    } finally {
      await trainer.destroy();
    }
  } finally {
    copy.weights.destroy();
  }
}
