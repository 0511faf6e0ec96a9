// `grpo MODEL`: reinforcement learning by group-relative policy optimisation, from a model to a better one.
import { basename } from 'node:path';
import * as v from 'valibot';
import { type LanguageModel, loadLanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { getTask } from '../../tasks/registry';
import { drawProblems, type Evaluation, evaluate } from '../../trainer/evaluate';
import { GrpoTrainer, numSteps } from '../../trainer/grpo';
import { grpoConfigSchema } from '../../trainer/grpoConfig';
import { allPresets } from '../../trainer/presets';
import { evaluationMetrics } from '../../worker/present';
import type { Arguments, Command } from '../command';
import { formatSeconds, note, Progress, printLine } from '../console';
import { evaluationLine, evaluationResults, stepLine } from '../evaluation';
import { INTERRUPTED, listenForInterrupt } from '../interrupt';
import { openMetricsLog } from '../metricsLog';
import { modelCard } from '../modelCard';
import { loadModel, modelFiles, saveModel } from '../models';
import { type ResumedRun, RunFolder, refuseSettled } from '../runFolder';
import { openNodeRuntime } from '../runtime';
import { parseSettings, readGrpoConfig, readPreset, readTask, TASK_OPTIONS } from '../settings';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const runSettingsSchema = v.object({
  /** MODEL as it was given. */
  model: v.string(),
  task: v.string(),
  difficulty: v.record(v.string(), v.number()),
  preset: v.string(),
  config: grpoConfigSchema,
  evalProblems: count,
  evalEvery: count,
  checkpointEvery: count,
});
type GrpoRunSettings = v.InferOutput<typeof runSettingsSchema>;

/** What a resumed run may still be given. */
const RESUMABLE_OPTIONS: readonly string[] = ['resume', 'log', 'checkpoint-every'];

function newSettings(args: Arguments): GrpoRunSettings {
  const model = args.positional(0);
  if (model === undefined) throw args.usage('MODEL is missing.', 'Give the model to train, or --resume a run.');
  const { task, difficulty } = readTask(args);
  const preset = readPreset(args.text('preset') ?? 'R1-Zero');
  const seed = args.integer('seed', undefined);
  const config = readGrpoConfig(args, preset, seed === undefined ? {} : { seed });
  const steps = args.integer('steps', undefined, { min: 1 });
  const max_steps =
    steps === undefined ? config.max_steps : steps * config.num_iterations * config.steps_per_generation;
  return {
    model,
    task: task.name,
    difficulty,
    preset: preset.name,
    config: { ...config, max_steps },
    evalProblems: args.integer('eval-problems', 512),
    evalEvery: args.integer('eval-every', 25),
    checkpointEvery: args.integer('checkpoint-every', 25),
  };
}

function resumedSettings(args: Arguments, resumed: ResumedRun): GrpoRunSettings {
  refuseSettled(args, grpoCommand, RESUMABLE_OPTIONS);
  const settings = parseSettings(runSettingsSchema, resumed.settings, 'the checkpoint');
  return { ...settings, checkpointEvery: args.integer('checkpoint-every', settings.checkpointEvery) };
}

async function saveState(
  runtime: Runtime,
  folder: RunFolder,
  model: LanguageModel,
  trainer: GrpoTrainer,
  settings: GrpoRunSettings,
) {
  const { step, optimizerSteps, numTokens, optimizer, reference } = await trainer.snapshot();
  await folder.save({
    kind: 'grpo',
    step,
    settings,
    counters: { optimizerSteps, numTokens },
    files: await modelFiles(runtime, model),
    arrays: { ...optimizer, ...(reference && { reference }) },
  });
}

function restoreState(trainer: GrpoTrainer, { step, counters, arrays }: ResumedRun): void {
  const array = (name: string) => arrays[name] ?? new Float32Array(0);
  trainer.restore({
    step,
    optimizerSteps: counters.optimizerSteps ?? 0,
    numTokens: counters.numTokens ?? 0,
    optimizer: { firstMoment: array('firstMoment'), secondMoment: array('secondMoment'), state: array('state') },
    reference: arrays.reference,
  });
}

const FIGURES = [
  ['reward', 'reward', 3],
  ['accuracy', 'rewards/accuracy/mean', 3],
  ['length', 'completions/mean_length', 1],
  ['entropy', 'entropy', 3],
  ['kl', 'kl', 5],
] as const;

export const grpoCommand: Command = {
  name: 'grpo',
  summary: 'Train a model by reinforcement learning with a verifier (GRPO).',
  positionals: [{ name: '[MODEL]', help: 'the model to start from; left out with --resume' }],
  options: {
    ...TASK_OPTIONS,
    preset: {
      value: 'P',
      help: `where the options start: ${allPresets()
        .map((preset) => preset.name)
        .join(', ')} (default R1-Zero)`,
    },
    set: { value: 'name=value', multiple: true, help: "an option of TRL's GRPOConfig, e.g. learning_rate=2e-4" },
    steps: { value: 'N', help: 'steps of num_prompts × num_generations rollouts (default: as the preset says)' },
    seed: { value: 'S', help: 'seed of problems and rollouts (default 42)' },
    'eval-problems': { value: 'N', help: 'held-out problems of an evaluation; 0 for none (default 512)' },
    'eval-every': { value: 'N', help: 'steps between evaluations; 0: only before and after (default 25)' },
    'checkpoint-every': { value: 'N', help: 'steps between checkpoints; 0: only on Ctrl-C (default 25)' },
    out: { value: 'DIR', help: 'where the trained model goes' },
    log: { value: 'FILE', help: "write every step's metrics, under TRL's names, as JSON lines" },
    resume: { value: 'DIR', help: 'go on with the run in DIR from its last checkpoint' },
  },
  notes:
    'Ctrl-C finishes the step, saves a checkpoint and says where; --resume goes on from there and gives the same weights, bit\n' +
    'for bit, as a run that was never stopped. An evaluation is what `eval --seed S --problems N` measures, with the run’s seed.',
  examples: [
    'grpo base --task chained_sums --preset R1-Zero --steps 150 --seed 0 --out runs/zero --log runs/zero.jsonl',
    'grpo base --preset dapo --set learning_rate=2e-4 --set num_generations=16 --out runs/dapo',
    'grpo --resume runs/zero --log runs/zero.jsonl',
  ],
  async run(args) {
    const resumePath = args.text('resume');
    const folder = new RunFolder(resumePath ?? args.required('out'));
    const resumed = resumePath === undefined ? undefined : await folder.load('grpo');
    const settings = resumed ? resumedSettings(args, resumed) : newSettings(args);
    if (!resumed) folder.checkFree();
    const { config, difficulty } = settings;
    const task = getTask(settings.task);
    const problems = drawProblems(task, difficulty, 'held-out', config.seed, settings.evalProblems);

    const runtime = await openNodeRuntime();
    const model = resumed
      ? await loadLanguageModel(runtime, basename(settings.model), resumed.model, true)
      : await loadModel(runtime, settings.model, true);
    const trainer = await GrpoTrainer.create(runtime, model, task, difficulty, config);
    if (resumed) restoreState(trainer, resumed);
    const log = openMetricsLog(args.text('log'), resumed?.step);
    const total = numSteps(config);
    note(
      `${settings.preset} on ${task.name}, ${config.num_prompts} × ${config.num_generations} rollouts a step, seed ${config.seed}, on ${runtime.device.name}`,
    );

    const measure = async () => {
      const progress = new Progress('evaluating', problems.length, 'problems');
      const onProgress = (done: number) => progress.update(done, true);
      const result = await evaluate(
        model,
        trainer.generator,
        task,
        problems,
        trainer.sampling,
        config.seed,
        onProgress,
      );
      progress.end();
      printLine(evaluationLine(trainer.step, result));
      return result;
    };
    const interrupt = listenForInterrupt('finishing this step, then saving');
    let evaluation: Evaluation | undefined;
    if (trainer.step === 0 && problems.length > 0) {
      evaluation = await measure();
      log(0, evaluationMetrics(evaluation));
    }
    const accuracyBefore = evaluation?.accuracy ?? resumed?.counters.accuracyBefore;
    const progress = new Progress('training', total, 'steps', trainer.step);
    while (trainer.step < total && !interrupt.isRequested) {
      const { step, metrics } = await trainer.run();
      progress.end();
      const times = [metrics.step_time ?? 0, progress.secondsLeft(step)].map(formatSeconds);
      printLine(`${stepLine(step, total, metrics, FIGURES)}  ${times[0]}  ${times[1]} left`);
      const isDue = step === total || (settings.evalEvery > 0 && step % settings.evalEvery === 0);
      evaluation = problems.length > 0 && isDue ? await measure() : undefined;
      log(step, { ...metrics, ...(evaluation && evaluationMetrics(evaluation)) });
      if (settings.checkpointEvery > 0 && step % settings.checkpointEvery === 0 && step < total) {
        await saveState(runtime, folder, model, trainer, settings);
      }
      progress.update(step, true);
    }
    progress.end();
    if (trainer.step < total) {
      await saveState(runtime, folder, model, trainer, settings);
      note(
        `Saved step ${trainer.step} of ${total} in ${folder.checkpointPath}.\nGo on with: soliloquy grpo --resume ${folder.path}`,
      );
      return INTERRUPTED;
    }
    const readme = modelCard({
      name: basename(folder.path),
      summary: `${basename(settings.model)}, trained by GRPO (${settings.preset}) on ${task.name} with no label but the verifier's.`,
      config: model.config,
      baseModel: basename(settings.model),
      command: `npm run cli -- grpo ${settings.model} --task ${settings.task} --preset "${settings.preset}" --steps ${total} --seed ${config.seed} --out ${folder.path}`,
      results: [
        ...(accuracyBefore === undefined ? [] : [['accuracy before', accuracyBefore.toFixed(3)] as const]),
        ...(evaluation ? evaluationResults(evaluation) : []),
      ],
      settings: { difficulty, ...config },
      device: runtime.device.name,
      seconds: progress.elapsedSeconds,
    });
    await saveModel(runtime, model, folder.path, readme);
    await folder.clear();
    note(`Saved the model in ${folder.path}.`);
    return 0;
  },
};
