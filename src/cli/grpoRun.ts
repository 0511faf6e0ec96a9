// A GRPO run of the command line: what it is made of, how its steps are shown, and how its model is described.
import { basename } from 'node:path';
import * as v from 'valibot';
import { type LanguageModel, loadRewardModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { grpoCard, REWARD_FILE } from '../runs/grpoCard';
import { runSettingsSchema } from '../runs/runRecord';
import { getTask } from '../tasks/registry';
import { drawProblems, evaluate } from '../trainer/evaluation/evaluate';
import { GrpoTraining } from '../trainer/grpo/grpo';
import { planGrpo } from '../trainer/grpo/grpoParts';
import type { Group } from '../trainer/grpo/grpoStep';
import { note } from './console';
import { cardEvaluation } from './evaluation';
import { readModel } from './models';
import type { ResumedRun, RunFolder } from './runFolder';
import { TrainingCommand } from './trainingCommand';

export const grpoRunSettingsSchema = v.object({
  /** MODEL as it was given. */
  model: v.string(),
  /** --reward-model as it was given. */
  rewardModel: v.optional(v.string()),
  ...runSettingsSchema.entries,
});
export type GrpoRunSettings = v.InferOutput<typeof grpoRunSettingsSchema>;

/** In the folder of a run that is over: what it was started with, and how far it came. */
export const RUN_SETTINGS_FILE = 'grpo.json';
export const finishedRunSchema = v.object({ settings: grpoRunSettingsSchema, step: v.number() });

const FIGURES = [
  ['reward', 'reward', 3],
  ['accuracy', 'rewards/accuracy/mean', 3],
  ['grade', 'rewards/reward_model/mean', 3],
  ['length', 'completions/mean_length', 1],
  ['entropy', 'entropy', 3],
  ['kl', 'kl', 5],
] as const;

/**
 * A new run on a model that was loaded to be trained, or the rest of one whose weights the model has. Trains to the end, or
 * until Ctrl-C; returns the exit code.
 */
export async function runGrpo(
  runtime: Runtime,
  model: LanguageModel,
  settings: GrpoRunSettings,
  folder: RunFolder,
  resumed: ResumedRun | undefined,
  log: string | undefined,
): Promise<number> {
  const { config, difficulty, preset, evalProblems, evalEvery, checkpointEvery } = settings;
  const task = getTask(settings.task);
  const problems = drawProblems(task, difficulty, 'held-out', config.seed, evalProblems);
  const isEvaluated = problems.length > 0;
  const judge = settings.rewardModel === undefined ? undefined : await readModel(settings.rewardModel);
  const rewardModel = judge && (await loadRewardModel(runtime, judge.name, judge.folder, false));
  const trainer = await GrpoTraining.create(runtime, model, task, difficulty, config, {
    ...(rewardModel && { rewardModel }),
  });
  const rollouts = `${config.num_prompts} × ${config.num_generations}`;
  const encoder = new TextEncoder();
  const reward = encoder.encode(config.custom_reward);
  const finished: v.InferOutput<typeof finishedRunSchema> = { settings, step: trainer.total };
  const command = new TrainingCommand(runtime, {
    folder,
    about: { kind: 'grpo', settings },
    resumed,
    training: trainer,
    model,
    rhythm: {
      evalEvery: isEvaluated ? evalEvery : 0,
      evaluatesStart: isEvaluated,
      evaluatesEnd: isEvaluated,
      saveEvery: checkpointEvery,
      tellEvery: 1,
    },
    headline: `${preset} on ${task.name}: ${rollouts} rollouts a step, seed ${config.seed}`,
    plan: await planGrpo(runtime, model.architecture, config),
    log,
    figures: FIGURES,
    evalProblems: settings.evalProblems,
    watch: { onGroups: ({ groups }) => noteFailures(groups) },
    extras: new Map([
      [RUN_SETTINGS_FILE, encoder.encode(`${JSON.stringify(finished, null, 2)}\n`)],
      ...(reward.length > 0 ? [[REWARD_FILE, reward] as const] : []),
    ]),
    evaluate: (onProgress) =>
      evaluate(runtime, model, trainer.generator, task, problems, trainer.sampling, config.seed, onProgress),
    card: ({ evaluation, accuracyBefore, step, changes, seconds }) =>
      grpoCard({
        ...settings,
        name: basename(folder.path),
        parent: { name: basename(settings.model), path: settings.model },
        task,
        model: model.folder.description,
        sampling: trainer.sampling,
        step,
        evaluation: evaluation && { ...cardEvaluation(evaluation), step },
        before: accuracyBefore === undefined ? undefined : { problems: evalProblems, accuracy: accuracyBefore },
        changes,
        out: folder.path,
        device: runtime.device.name,
        seconds,
      }),
  });
  return command.run();
}

/** Says on how many answers the reader's own reward failed, and why on the first. */
function noteFailures(groups: readonly Group[]): void {
  const scores = groups.flatMap((group) => group.members.map((member) => member.score));
  const errors = scores.flatMap(({ error }) => error ?? []);
  const [first] = errors;
  if (first === undefined) return;
  const where = first.line === undefined ? '' : ` (line ${first.line})`;
  note(
    `custom reward failed on ${errors.length} of ${scores.length} answers, their groups are left out: ${first.message}${where}`,
  );
}
