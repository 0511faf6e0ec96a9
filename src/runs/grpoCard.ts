// The model card of what a GRPO run made, from the run's own record: the same in the page and on the command line.

import type { SamplingOptions } from '../engine/generateRequest';
import { type CardEvaluation, modelCard, type SettingChange } from '../formats/huggingface/modelCard';
import { cliCommand } from '../lib/shell';
import type { ModelDescription } from '../model/description';
import { isOwnTask } from '../tasks/own/problemSet';
import type { Difficulty, Task } from '../tasks/task';
import { type GrpoConfig, grpoConfig, numSteps } from '../trainer/grpo/grpoConfig';
import { getPreset } from '../trainer/grpo/presets';

/** In the folder of a model: the code of the reward that it was trained with. */
export const REWARD_FILE = 'reward.js';

export interface GrpoCardFacts {
  readonly name: string;
  /** The model that the run started from: what its card and the command call it. */
  readonly parent: { readonly name: string; readonly path: string };
  readonly task: Task;
  readonly difficulty: Difficulty;
  readonly preset: string;
  readonly config: GrpoConfig;
  readonly model: ModelDescription;
  readonly sampling: SamplingOptions;
  /** Steps taken. */
  readonly step: number;
  /** The last measurement of the run's model, and the step at which it was made; undefined if there is none. */
  readonly evaluation: (CardEvaluation & { readonly step: number }) | undefined;
  /** The model that it started from, measured on the same problems. */
  readonly before: CardEvaluation | undefined;
  /** Changes of the config while it ran. */
  readonly changes?: readonly SettingChange[];
  /** Where the command line puts the model. */
  readonly out: string;
  readonly device: string;
  readonly seconds: number;
}

/** A run's card as Markdown. */
export function grpoCard(facts: GrpoCardFacts): string {
  const { parent, task, difficulty, preset, config, step, evaluation } = facts;
  const total = numSteps(config);
  const isLate = evaluation !== undefined && evaluation.step !== step;
  return modelCard({
    ...facts,
    task: task.name,
    example: task.examples[0] as string,
    summary:
      `${parent.name}, trained by GRPO (${preset}) on ${namedTask(task)} for ${step} of ${total} steps, with no ` +
      `label but the verifier's.`,
    model: facts.model,
    generation: facts.sampling,
    baseModel: parent.name,
    command: commandOf(facts, total),
    measuredAt: isLate ? { step: evaluation.step, of: step } : undefined,
    rows: [
      ['steps', step === total ? String(step) : `${step} of ${total}`],
      ['seed', String(config.seed)],
    ],
    settings: { preset, difficulty, ...config },
  });
}

/** A set of the reader's own problems by what they call it. */
const namedTask = ({ name, about }: Task) => (isOwnTask(name) ? `the problems “${about.en.label}”` : name);

/** The command that does the run again, with every option in which it differs from its preset. */
function commandOf({ parent, task, difficulty, preset, config, out }: GrpoCardFacts, steps: number): string {
  const usual = { ...grpoConfig(getPreset(preset).options), seed: config.seed, max_steps: config.max_steps };
  const words = Object.entries(config)
    .filter(([name]) => name !== 'custom_reward')
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name as keyof typeof usual]))
    .flatMap(([name, value]) => ['--set', `${name}=${JSON.stringify(value)}`]);
  const updatesOn = config.num_iterations * config.steps_per_generation;
  const dials = Object.entries(difficulty).flatMap(([name, value]) => ['--difficulty', `${name}=${value}`]);
  const custom = config.custom_reward === '' ? [] : ['--custom-reward', `${out}/${REWARD_FILE}`];
  const rest = [
    ...custom,
    '--preset',
    preset,
    ...words,
    // A run that ends in the middle of a generation is no whole number of steps.
    ...(steps * updatesOn === config.max_steps ? ['--steps', `${steps}`] : ['--set', `max_steps=${config.max_steps}`]),
    '--seed',
    `${config.seed}`,
    '--out',
    out,
  ];
  const problems = isOwnTask(task.name) ? ['--task-file', `${task.about.en.label}.jsonl`] : ['--task', task.name];
  return cliCommand('grpo', parent.path, ...problems, ...dials, ...rest);
}
