// What a job is made of: a run as it is now, and what is asked for.
import * as v from 'valibot';
import type { ModelFolder } from '../formats/huggingface/folder';
import { isHubName } from '../formats/huggingface/hubName';
import { SoliloquyError } from '../lib/errors';
import { rewardsNeed } from '../rewards/registry';
import type { RunSettings } from '../runs/run';
import type { GrpoConfig } from '../trainer/grpo/grpoConfig';

export const TARGETS = ['trl', 'ray', 'verl'] as const;
export type Target = (typeof TARGETS)[number];

export interface JobRun {
  /** What the run is called. */
  readonly name: string;
  readonly settings: RunSettings;
  /** Steps taken. */
  readonly step: number;
  /** With the weights of that step. Not needed where another base takes its place. */
  readonly model?: ModelFolder;
}

/** The most training problems of a job. */
export const MAX_PROBLEMS = 1_000_000;
/** How many there are where it is not said, or all that the task has. */
export const USUAL_PROBLEMS = 4096;

export const jobRequestSchema = v.object({
  target: v.picklist(TARGETS),
  /** Distinct training problems. */
  problems: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PROBLEMS))),
  /** The name that Hugging Face's hub has for a model to start from in the place of the run's own. */
  model: v.optional(v.string()),
});
export type JobRequest = v.InferOutput<typeof jobRequestSchema>;

/** Something that cannot be made into a job. */
export class JobError extends SoliloquyError {
  readonly code = 'bad_job';
}

/** Throws JobError for a reward that a trainer elsewhere could not know from finished texts and the job's own folder. */
export function checkNeeds(config: Pick<GrpoConfig, 'reward_weights'>): void {
  if (rewardsNeed('game', config)) {
    throw new JobError(
      'The reward won is who wins when the model plays on against itself, which TRL and veRL have no place for.',
      'Train it here, or make a run whose reward is accuracy.',
    );
  }
  if (rewardsNeed('reward model', config)) {
    throw new JobError(
      'The run learns from a reward model, which does not travel with a job.',
      'Export the reward model (export MODEL --out FOLDER), give its folder to TRL as a reward function, or choose accuracy.',
    );
  }
}

/** Throws JobError where a name is none of the hub's: it is written into scripts. */
export function checkModelName(name: string): void {
  if (isHubName(name)) return;
  throw new JobError(
    `${JSON.stringify(name.slice(0, 80))} is no name of a model on Hugging Face’s hub.`,
    'Write it as OWNER/NAME, such as Qwen/Qwen3-0.6B.',
  );
}
