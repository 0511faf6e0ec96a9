// `eval MODEL`: accuracy on held-out problems, as one JSON object.

import { loadLanguageModel, samplingOf } from '../../engine/languageModel';
import type { ThinkingControl } from '../../engine/thinkingControl';
import type { ModelFolder } from '../../formats/huggingface/folder';
import { DEFAULT_GENERATION, type GenerationSettings } from '../../formats/huggingface/generationConfig';
import { shareWithInterval } from '../../formats/huggingface/modelCard';
import { wilsonInterval } from '../../lib/wilson';
import { precisionOf } from '../../model/precision';
import { drawProblems } from '../../trainer/evaluation/evaluate';
import { type ExpertUse, expertUse } from '../../trainer/evaluation/expertUse';
import { type Measurement, measureScaling } from '../../trainer/evaluation/scaling';
import { checkCompletionLength, ownLength } from '../../trainer/positions';
import { type Arguments, type Command, readGiven } from '../command';
import { note, Progress, printLine } from '../console';
import { readModel } from '../models';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import { readSampling, SAMPLING_NOTE, SAMPLING_OPTIONS, samplingText } from '../sampling';
import { readTask, TASK_FILE_OPTION, TASK_OPTIONS } from '../settings';

const BATCH = 128;

/** The whole numbers of a list between commas. Throws UsageError. */
function readList(args: Arguments, option: string, max: number): number[] {
  const text = args.text(option);
  if (text === undefined) return [];
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.every((value) => Number.isInteger(value) && value >= 0 && value <= max)) return values;
  throw args.usage(`--${option} is “${text}”.`, `Give whole numbers from 0 to ${max}, with commas between them.`);
}

/** The controls to measure, each on its own: thinking cut at a budget, or its end put off by waits. */
function readControls(args: Arguments, maxTokens: number): ThinkingControl[] {
  const budgets = readList(args, 'thinking-budget', maxTokens).map((budget) => ({ budget, waits: 0 }));
  const waits = readList(args, 'waits', 16).map((count) => ({ budget: null, waits: count }));
  return [...budgets, ...waits];
}

/** How the model answers by itself. */
function ownSampling({ description, generation = DEFAULT_GENERATION }: ModelFolder): GenerationSettings {
  return { ...generation, maxNewTokens: ownLength(generation, description.architecture) };
}

/** The accuracy with what it was measured on and how sure it is: answers to one problem are no trials of their own. */
function accuracyOf({ evaluation, accuracyError, votes }: Measurement): string {
  const { accuracy, answers } = evaluation;
  const samples = votes.at(-1)?.k ?? 1;
  const problems = answers.length / samples;
  if (samples === 1) return `${shareWithInterval(accuracy, problems)} on ${problems} problems`;
  return `${accuracy.toFixed(3)} ± ${accuracyError.toFixed(3)} (standard error) on ${problems} problems × ${samples} answers`;
}

/** What was measured, under the names of the JSON object. */
function figuresOf(free: Measurement, scaling: readonly Measurement[], numProblems: number, samples: number) {
  const { evaluation: result, votes: curve } = free;
  return {
    accuracy: result.accuracy,
    accuracy_stderr: free.accuracyError,
    ...(samples === 1 && {
      accuracy_interval: Object.values(wilsonInterval(result.accuracy * numProblems, numProblems)),
    }),
    format_rate: result.formatRate,
    mean_thinking_tokens: result.meanThinkingTokens,
    mean_tokens: result.meanTokens,
    clipped_ratio: result.clippedRatio,
    thinking_language: result.language,
    ...(result.tasks && { tasks: result.tasks }),
    samples,
    ...(samples > 1 && { scaling_k: curve }),
    ...(scaling.length > 0 && {
      scaling_thinking: scaling.map(({ control, evaluation, votes }) => ({
        ...control,
        accuracy: evaluation.accuracy,
        format_rate: evaluation.formatRate,
        mean_thinking_tokens: evaluation.meanThinkingTokens,
        ...(samples > 1 && { scaling_k: votes }),
      })),
    }),
  };
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** For each layer a table of Markdown: a row for each task, a column for each expert, in percent. */
function printExpertUse(uses: readonly ExpertUse[]): void {
  for (const layer of new Set(uses.map((use) => use.layer))) {
    const own = uses.filter((use) => use.layer === layer);
    const experts = own[0]?.shares.map((_, expert) => expert) ?? [];
    printLine(`\n| layer ${layer} | ${experts.join(' | ')} |\n|${'---|'.repeat(experts.length + 1)}`);
    for (const { task, shares } of own) {
      printLine(`| ${task} | ${shares.map((share) => (100 * share).toFixed(0)).join(' | ')} |`);
    }
  }
}

/** The same in lines for a person. */
function printMeasurements(free: Measurement, scaling: readonly Measurement[], samples: number): void {
  const { evaluation: result, votes: curve } = free;
  printLine(`accuracy              ${accuracyOf(free)}`);
  for (const [name, { problems, accuracy }] of Object.entries(result.tasks ?? {})) {
    printLine(`  ${name.padEnd(20)}${shareWithInterval(accuracy, problems)} on ${problems}`);
  }
  printLine(`format                ${percent(result.formatRate)}`);
  printLine(`mean thinking tokens  ${result.meanThinkingTokens.toFixed(1)}`);
  printLine(`mean tokens           ${result.meanTokens.toFixed(1)} (${percent(result.clippedRatio)} cut)`);
  for (const { k, pass, majority } of samples > 1 ? curve : []) {
    printLine(`k = ${String(k).padEnd(18)}pass ${percent(pass)}  majority ${percent(majority)}`);
  }
  for (const one of scaling) {
    const { control, evaluation } = one;
    const name = control?.budget == null ? `waits ${control?.waits}` : `budget ${control.budget}`;
    const thinking = `${evaluation.meanThinkingTokens.toFixed(1)} thinking tokens`;
    printLine(`${name.padEnd(22)}${accuracyOf(one)}  ${thinking}`);
  }
}

export const evalCommand: Command = {
  name: 'eval',
  summary: 'Measure a model on held-out problems of a task.',
  positionals: [{ name: 'MODEL', help: 'the model to measure' }],
  options: {
    ...DEVICE_OPTION,
    ...TASK_OPTIONS,
    task: { ...TASK_OPTIONS.task, help: 'which task (default: the one that the model was trained on, by its card)' },
    ...TASK_FILE_OPTION,
    problems: { value: 'N', help: 'how many problems (default 512)' },
    seed: { value: 'S', help: 'seed of the problems and of the sampling (default 0)' },
    samples: { value: 'K', help: 'answers to each problem, for pass@k and the vote of the majority (default 1)' },
    'thinking-budget': { value: 'N,…', help: 'also measure with thinking cut after N tokens; 0 answers at once' },
    waits: { value: 'N,…', help: 'also measure with the end of thinking put off N times by “wait”' },
    ...SAMPLING_OPTIONS,
    experts: { help: 'also count which routed experts each task’s tokens go to' },
    fp16: { help: 'read the weights in half precision, as a run with fp16=true does' },
    fp8: { help: 'multiply in eight bits, as a run with fp8=true does' },
    json: { help: 'print one JSON object with every number instead of a few lines' },
  },
  notes:
    'Each problem is answered once, or --samples times: pass@k is then the unbiased estimate, maj@k the mean over the whole\n' +
    'groups of k answers in order. Controlled thinking needs room: at most --max-tokens less 24, for the answer, is thought.\n' +
    'Training never sees these problems: about one question in eight is held out, decided by the question alone. The same\n' +
    'seed gives the same problems and, on the same device, the same answers.\n' +
    `${SAMPLING_NOTE}\n` +
    'So with the seed and the number of problems of a run, this measures what the run measured.',
  examples: [
    'eval base --task chained_sums --problems 512 --seed 0 --json',
    'eval runs/zero --samples 16 --thinking-budget 0,8,16,32 --waits 1,2 --max-tokens 128 --json',
    'eval runs/zero --difficulty min_terms=8 --difficulty max_terms=10 --temperature 0',
  ],
  async run(args) {
    const { name, folder } = await readModel(args.positional(0) as string);
    const { task, difficulty } = readTask(args, folder.readme);
    const numProblems = args.integer('problems', 512, { min: 1, max: 1_000_000 });
    const seed = args.integer('seed', 0);
    const options = readSampling(args, ownSampling(folder));
    readGiven(() =>
      checkCompletionLength({ max_completion_length: options.maxNewTokens }, folder.description.architecture),
    );
    const precision = readGiven(() => precisionOf({ fp16: args.flag('fp16'), fp8: args.flag('fp8') }));
    const samples = args.integer('samples', 1, { min: 1, max: 256 });
    const controls = readControls(args, options.maxNewTokens);
    const problems = drawProblems(task, difficulty, 'held-out', seed, numProblems);
    const runtime = await openNodeRuntime(args);
    const model = await loadLanguageModel(runtime, name, folder, false);
    await model.weights.setPrecision(precision);
    const sampling = samplingOf(model, options);
    note(`${task.name}, ${numProblems} problems of seed ${seed}: ${samplingText(options)}`);
    const progress = new Progress('evaluating', numProblems * (1 + controls.length), 'problems');
    const plan = { task, problems, sampling, seed, samples, batch: BATCH, controls: [undefined, ...controls] };
    const onProgress = (done: number) => progress.update(done);
    const measured: Measurement[] = [];
    for await (const one of measureScaling(runtime, model, plan, { onProgress })) measured.push(one);
    progress.end();
    const [free, ...scaling] = measured as [Measurement, ...Measurement[]];
    const uses = args.flag('experts') ? await expertUse(runtime, model, free.evaluation.answers) : [];
    const tokens = measured
      .flatMap(({ evaluation }) => evaluation.answers)
      .reduce((sum, answer) => sum + answer.rollout.tokens.length, 0);
    const summary = {
      model: args.positional(0),
      task: task.name,
      difficulty,
      problems: numProblems,
      seed,
      temperature: options.temperature,
      top_p: options.topP,
      top_k: options.topK,
      max_tokens: options.maxNewTokens,
      ...figuresOf(free, scaling, numProblems, samples),
      ...(uses.length > 0 && { experts: uses }),
      seconds: progress.elapsedSeconds,
      tokens_per_second: tokens / progress.elapsedSeconds,
      device: runtime.device.name,
    };
    if (args.flag('json')) printLine(JSON.stringify(summary));
    else {
      printMeasurements(free, scaling, samples);
      printExpertUse(uses);
    }
    note(`${summary.tokens_per_second.toFixed(0)} tokens/s on ${summary.device}`);
    return 0;
  },
};
