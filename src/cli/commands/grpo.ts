// `grpo MODEL`: reinforcement learning by group-relative policy optimisation, from a model to a better one.
import { basename } from 'node:path';
import { loadLanguageModel } from '../../engine/languageModel';
import { allRewards } from '../../rewards/registry';
import { isOwnTask } from '../../tasks/own/problemSet';
import { findTask } from '../../tasks/registry';
import { foreignOption } from '../../trainer/grpo/foreignOptions';
import { type GrpoConfig, grpoConfigSchema } from '../../trainer/grpo/grpoConfig';
import { type GrpoWarning, grpoWarnings } from '../../trainer/grpo/grpoConfigChecks';
import { allPresets } from '../../trainer/grpo/presets';
import { checkCompletionLength } from '../../trainer/positions';
import type { Arguments, Command } from '../command';
import { note } from '../console';
import { outputFolder } from '../files';
import { type GrpoRunSettings, grpoRunSettingsSchema, runGrpo } from '../grpoRun';
import { readModel } from '../models';
import { type ResumedRun, RunFolder, refuseSettled, withChanges } from '../runFolder';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import {
  parseSettings,
  readGrpoConfig,
  readPreset,
  readSet,
  readTask,
  readTaskFile,
  TASK_FILE_OPTION,
  TASK_OPTIONS,
  withSteps,
} from '../settings';
import { RESUMABLE_SETTINGS } from '../trainingCommand';

/** What a resumed run may still be given. */
const RESUMABLE_OPTIONS: readonly string[] = ['device', 'resume', 'log', 'checkpoint-every', 'set', 'task-file'];

function newSettings(args: Arguments): GrpoRunSettings {
  const model = args.positional(0);
  if (model === undefined) throw args.usage('MODEL is missing.', 'Give the model to train, or --resume a run.');
  const { task, difficulty } = readTask(args);
  const preset = readPreset(args.text('preset') ?? 'R1-Zero');
  const seed = args.integer('seed', undefined);
  const config = readGrpoConfig(args, preset, seed === undefined ? {} : { seed });
  return {
    model,
    ...(args.isGiven('reward-model') && { rewardModel: args.required('reward-model') }),
    task: task.name,
    difficulty,
    preset: preset.name,
    config: withSteps(args, config),
    evalProblems: args.integer('eval-problems', 512),
    evalEvery: args.integer('eval-every', 25),
    checkpointEvery: args.integer('checkpoint-every', 25),
  };
}

/** The settings of a run that is resumed, and the run with what is changed of them. */
function resumedSettings(args: Arguments, resumed: ResumedRun): { settings: GrpoRunSettings; resumed: ResumedRun } {
  refuseSettled(args, grpoCommand, RESUMABLE_OPTIONS);
  const path = args.text('task-file');
  if (path !== undefined) readTaskFile(path);
  const settings = parseSettings(grpoRunSettingsSchema, resumed.about.settings, 'the checkpoint');
  if (isOwnTask(settings.task) && findTask(settings.task) === undefined) {
    throw args.usage(
      'The run trains on problems of your own.',
      'Give the file that they were read from as --task-file.',
    );
  }
  const set = readSet(args, RESUMABLE_SETTINGS, 'resumable GRPO');
  const config = parseSettings(grpoConfigSchema, { ...settings.config, ...set }, '--set');
  const checkpointEvery = args.integer('checkpoint-every', settings.checkpointEvery);
  return {
    settings: { ...settings, config, checkpointEvery },
    resumed: withChanges(resumed, settings.config, config),
  };
}

const WARNINGS: Readonly<Record<GrpoWarning, (config: GrpoConfig) => string>> = {
  sequenceLevelTokenSum: ({ loss_type }) =>
    `importance_sampling_level=sequence with loss_type=${loss_type}: that loss sums over tokens, so an ` +
    `answer weighs as it is long. ` +
    'To weigh all answers alike, as GSPO does, set loss_type=grpo.',
  luspoTokenLevel: () =>
    'loss_type=luspo with importance_sampling_level=token: luspo is meant for one ratio an answer. ' +
    'Set importance_sampling_level=sequence.',
  vespoSequenceLevel: () =>
    'loss_type=vespo with importance_sampling_level=sequence: vespo weighs whole answers by itself; the level changes only ' +
    'how the KL is corrected. Leave it at token.',
  cutSampling: () =>
    'top_p, top_k or min_p: answers are drawn from a part of the vocabulary and learned from with ' +
    'log-probabilities over all of it, as ' +
    'in TRL. How far apart the two are is logged as sampling/sampling_logp_difference.',
};

/** The rewards' names, five a line. */
function rewardLines(): string {
  const names = allRewards().map(({ name }) => name);
  return names.map((name, i) => (i === 0 ? name : `${i % 5 === 0 ? ',\n' : ', '}${name}`)).join('');
}

export const grpoCommand: Command = {
  name: 'grpo',
  summary: 'Train a model by reinforcement learning with a verifier (GRPO).',
  positionals: [{ name: '[MODEL]', help: 'the model to start from; left out with --resume' }],
  options: {
    ...DEVICE_OPTION,
    ...TASK_OPTIONS,
    ...TASK_FILE_OPTION,
    preset: {
      value: 'P',
      help: `where the options start: ${allPresets()
        .map((preset) => preset.name)
        .join(', ')} (default R1-Zero)`,
    },
    set: { value: 'name=value', multiple: true, help: "an option of TRL's GRPOConfig, e.g. learning_rate=2e-4" },
    'custom-reward': { value: 'FILE', help: 'JavaScript that defines reward(sample): the reward named custom' },
    'reward-model': { value: 'M', help: 'the model that the command reward-model made: the reward named reward_model' },
    steps: { value: 'N', help: 'steps of num_prompts × num_generations rollouts (default: as the preset says)' },
    seed: { value: 'S', help: 'seed of problems and rollouts (default 42)' },
    'eval-problems': { value: 'N', help: 'held-out problems of an evaluation; 0 for none (default 512)' },
    'eval-every': { value: 'N', help: 'steps between evaluations; 0: only before and after (default 25)' },
    'checkpoint-every': {
      value: 'N',
      help: 'steps between checkpoints, the first ones earlier; 0: only on Ctrl-C and at the end (default 25)',
    },
    out: { value: 'DIR', help: 'where the trained model goes (default: a new folder below runs/)' },
    log: { value: 'FILE', help: "write every step's metrics, under TRL's names, as JSON lines" },
    resume: {
      value: 'DIR',
      help: `go on with the run in DIR from its last checkpoint; --set may change ${RESUMABLE_SETTINGS.join(' and ')}`,
    },
  },
  notes:
    `Rewards that reward_weights takes:\n${rewardLines()}.\n\n` +
    'A custom reward gets {question, expected, completion, thinking, answer, correct, wellFormed, cases, ' +
    'numTokens, maxTokens,\n' +
    'truncated} and gives a number, or null where it does not apply. It runs in a sandbox. Where it ' +
    'fails, its group is left out.\n\n' +
    'Ctrl-C finishes the step, saves a checkpoint and says where; --resume goes on from there and gives the same weights, bit\n' +
    'for bit, as a run that was never stopped. An evaluation is what `eval --seed S --problems N` measures, with the run’s seed.',
  settings: Object.keys(grpoConfigSchema.entries),
  foreign: foreignOption,
  examples: [
    'grpo base --steps 5',
    'grpo base --custom-reward reward.js --set reward_weights=\'{"accuracy":1,"custom":0.5}\' --out runs/mine',
    'grpo base --task chained_sums --preset R1-Zero --steps 150 --seed 0 --out runs/zero --log runs/zero.jsonl',
    'grpo base --preset dapo --set learning_rate=2e-4 --set num_generations=16 --out runs/dapo',
    'grpo base --reward-model runs/judge --set reward_weights=\'{"reward_model":1,"accuracy":0}\' --set beta=0.001',
    'grpo --resume runs/zero --log runs/zero.jsonl',
  ],
  async run(args) {
    const resumePath = args.text('resume');
    const folder = new RunFolder(resumePath ?? outputFolder(args, `${basename(args.positional(0) ?? '')}-grpo`));
    const { settings, resumed } =
      resumePath === undefined
        ? { settings: newSettings(args), resumed: undefined }
        : resumedSettings(args, await folder.load('grpo'));
    if (!resumed) folder.claim();
    for (const warning of grpoWarnings(settings.config)) note(`Note: ${WARNINGS[warning](settings.config)}`);
    const source = resumed
      ? { name: basename(settings.model), folder: resumed.model }
      : await readModel(settings.model);
    checkCompletionLength(settings.config, source.folder.description.architecture);
    const runtime = await openNodeRuntime(args);
    const model = await loadLanguageModel(runtime, source.name, source.folder, true);
    return runGrpo(runtime, model, settings, folder, resumed, args.text('log'));
  },
};
