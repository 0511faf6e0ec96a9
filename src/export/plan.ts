// What a job is to be, decided before any file of it is written.
import type { ModelFolder } from '../formats/huggingface/folder';
import { chatTemplateOf, TOKENIZER_CONFIG } from '../formats/huggingface/tokenRoles';
import { getTask } from '../tasks/registry';
import type { Problem } from '../tasks/task';
import type { GrpoConfig } from '../trainer/grpo/grpoConfig';
import { type JobSettings, translateAll } from './grpoSettings';
import {
  checkModelName,
  checkNeeds,
  JobError,
  type JobRequest,
  type JobRun,
  type Target,
  USUAL_PROBLEMS,
} from './jobRun';
import { distinctProblems } from './problems';
import type { Settings } from './yaml';

/** A base of the hub is a thousand times larger than the tab's models: it is trained at the rates and lengths of such. */
const LARGE = { learning_rate: 1e-6, max_completion_length: 1024, gradient_checkpointing: true } as const;

/** Answers that a device takes at once: small models' are cheap. */
const MOST_PER_DEVICE = { own: 128, hub: 8 } as const;

/** All that the files of a job are written from. */
export interface JobPlan {
  readonly run: JobRun;
  readonly target: Target;
  /** Where the model is: a folder of the job, or a name of the hub. */
  readonly model: string;
  readonly isOwnModel: boolean;
  /** The run's own, but for what a larger base changes. */
  readonly settings: JobSettings;
  readonly train: readonly Problem[];
  readonly heldOut: readonly Problem[];
  readonly options: Settings;
  readonly differs: readonly string[];
}

/** A run's settings for a trainer; those that depend on the model's size are changed for a larger base. */
export function translated(trainer: 'trl' | 'verl', own: GrpoConfig, isOwnModel: boolean, problems: number) {
  const settings: JobSettings = {
    config: isOwnModel ? own : { ...own, ...LARGE },
    problems,
    mostPerDevice: MOST_PER_DEVICE[isOwnModel ? 'own' : 'hub'],
  };
  return { settings, ...translateAll(trainer, settings) };
}

/** Throws JobError where a job cannot be made as asked. */
export function planJob(run: JobRun, { target, problems, model }: JobRequest): JobPlan {
  if (model !== undefined) checkModelName(model);
  const isOwnModel = model === undefined;
  if (isOwnModel && target === 'verl') checkChatTemplate(run);
  const { task: name, difficulty, config: own, evalProblems } = run.settings;
  checkNeeds(own);
  const source = { task: getTask(name), difficulty, seed: own.seed, numPrompts: own.num_prompts };
  const train = distinctProblems(source, 'train', problems ?? USUAL_PROBLEMS);
  if (problems !== undefined && train.length < problems) {
    throw new JobError(
      `${source.task.about.en.label} has ${train.length} distinct training problems at this difficulty, not ${problems}.`,
      `Ask for at most ${train.length}${source.task.dials.length > 0 ? ', or turn up the task’s dials in a new run' : ''}.`,
    );
  }
  if (train.length < own.num_prompts) {
    throw new JobError(
      `There are ${train.length} training problems, and a step asks ${own.num_prompts} (num_prompts).`,
      'Ask for more problems, or begin a run with a smaller num_prompts.',
    );
  }
  const heldOut = distinctProblems(source, 'held-out', evalProblems);
  return {
    run,
    target,
    model: model ?? 'model',
    isOwnModel,
    train,
    heldOut,
    ...translated(target === 'verl' ? 'verl' : 'trl', own, isOwnModel, train.length),
  };
}

/** Whether the job's model has one: a folder without a tokenizer_config.json gets the project's. */
export const hasChatTemplate = (model: ModelFolder) =>
  !model.carriedFiles?.has(TOKENIZER_CONFIG) || chatTemplateOf(model) !== undefined;

/** The run's own model. Throws JobError where it is not there. */
export function ownModel({ name, model }: JobRun): ModelFolder {
  if (model) return model;
  throw new JobError(`${name} has no model yet.`, 'Train it for a step, or start from a base of the hub.');
}

/** veRL writes every prompt by the model's chat template. */
function checkChatTemplate(run: JobRun): void {
  if (hasChatTemplate(ownModel(run))) return;
  throw new JobError(
    `The model of ${run.name} has no chat template, and veRL writes every prompt by one.`,
    'Choose TRL, which takes the prompt as it is, or add a chat_template.jinja to the model.',
  );
}
