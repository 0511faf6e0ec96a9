// `curriculum`: a model that knows the smallest problems writes its own, over several seeds; how large it solves them on the way.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFiles } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { meanAndStd } from '../../lib/meanAndStd';
import { CURRICULUM_TASKS, type CurriculumTask, curriculum } from '../../runs/curriculum';
import { runCurriculum } from '../../runs/curriculumStudy';
import { type Pipeline, parsePipeline } from '../../runs/pipeline';
import type { StudyPoint } from '../../runs/study';
import type { Frontier } from '../../trainer/curriculum/frontier';
import { type Arguments, type Command, readGiven } from '../command';
import { note, printLine } from '../console';
import { makeFolder, outputFolder } from '../files';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import { readSeeds, readSet } from '../settings';

/** What --set may change of the stage in which it teaches itself. */
const SETTINGS = ['max_steps', 'learning_rate', 'num_prompts', 'num_generations', 'temperature', 'lr_scheduler_type'];
const PROBLEMS = 64;

function readTaskName(args: Arguments): CurriculumTask {
  const name = args.text('task') ?? 'chained_sums';
  const found = CURRICULUM_TASKS.find((known) => known === name);
  if (found) return found;
  throw args.usage(`--task is “${name}”.`, `Give one of: ${CURRICULUM_TASKS.join(', ')}.`);
}

function readPipeline(args: Arguments, seed: number): Pipeline {
  const ready = curriculum(args.flag('mini'), readTaskName(args));
  const set = readSet(args, SETTINGS, 'curriculum');
  const seedSteps = args.isGiven('seed-steps') ? args.integer('seed-steps', 0, { min: 1 }) : undefined;
  const stages = ready.stages.map((stage) => {
    if (stage.kind === 'grpo') return { ...stage, options: { ...stage.options, ...set } };
    if (stage.kind !== 'sft' || seedSteps === undefined) return stage;
    return { ...stage, training: { ...stage.training, steps: seedSteps } };
  });
  return readGiven(() => parsePipeline({ ...ready, seed, stages }));
}

/** What was found with one seed: a file of its own, so that what is done is not done again. */
interface SeedResult {
  readonly seed: number;
  readonly points: readonly StudyPoint<Frontier>[];
}

async function runSeed(runtime: Runtime, args: Arguments, seed: number, out: string): Promise<SeedResult> {
  const path = join(out, `seed-${seed}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as SeedResult;
  const { points, model } = await runCurriculum(runtime, readPipeline(args, seed), {
    every: args.integer('every', 20, { min: 1 }),
    temperature: args.number('temperature', 1, { min: 0, max: 10 }),
    count: PROBLEMS,
    onStep: (stage, step, total, metrics) => {
      if (step % 10 === 0) note(`seed ${seed}, ${stage} ${step} of ${total}: ${brief(metrics)}`);
    },
    onPoint: ({ stage, step, measure }) => note(`seed ${seed}, ${stage} ${step}: ${frontierText(measure)}`),
  });
  const files = await modelFiles(runtime, model);
  model.weights.destroy();
  const folder = join(out, `seed-${seed}`);
  makeFolder(folder);
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const result = { seed, points };
  writeFileSync(path, JSON.stringify(result));
  return result;
}

const TOLD = [
  'loss',
  'curriculum/valid',
  'curriculum/distinct',
  'curriculum/accuracy',
  'curriculum/kept',
  'curriculum/mean_size',
  'curriculum/max_size',
  'step_time',
];
const brief = (metrics: Readonly<Record<string, number>>) =>
  TOLD.flatMap((name) => (metrics[name] === undefined ? [] : `${name} ${+metrics[name].toFixed(2)}`)).join(', ');

const percent = (value: number) => (100 * value).toFixed(0);

const frontierText = ({ bySize, frontier }: Frontier) =>
  `frontier ${frontier}; right by size ${bySize.map(({ size, accuracy }) => `${size}: ${percent(accuracy)} %`).join(', ')}`;

function printTable(results: readonly SeedResult[]): void {
  const steps = results[0]?.points ?? [];
  printLine('| step | frontier | largest size asked |');
  printLine('|---|---|---|');
  for (const [place, { stage, step }] of steps.entries()) {
    const cell = (of: (point: StudyPoint<Frontier>) => number) => {
      const { mean, std } = meanAndStd(results.flatMap(({ points }) => points.slice(place, place + 1).map(of)));
      return results.length > 1 ? `${mean.toFixed(1)} ± ${std.toFixed(1)}` : mean.toFixed(1);
    };
    const asked = stage === 'seed' ? '–' : cell(({ metrics }) => metrics['curriculum/max_size'] ?? Number.NaN);
    printLine(`| ${stage} ${step} | ${cell(({ measure }) => measure.frontier)} | ${asked} |`);
  }
}

export const curriculumCommand: Command = {
  name: 'curriculum',
  summary:
    'A model that knows the smallest problems writes larger ones itself and learns from them, over several seeds.',
  positionals: [],
  options: {
    ...DEVICE_OPTION,
    seeds: { value: 'S,…', help: 'seeds, each a whole run (default 0,1,2)' },
    task: { value: 'T', help: `${CURRICULUM_TASKS.join(' or ')} (default chained_sums)` },
    mini: { help: 'the small form of the pipeline' },
    'seed-steps': { value: 'N', help: 'steps on the smallest problems (default: the pipeline’s)' },
    every: { value: 'N', help: 'steps between two measurements (default 20)' },
    temperature: { value: 'T', help: 'of the answers that are measured (default 1)' },
    set: { value: 'k=v', multiple: true, help: `an option of its learning from itself: ${SETTINGS.join(', ')}` },
    out: { value: 'DIR', help: 'where models and results go; seeds that are done there are not done again' },
    json: { help: 'print one JSON object with every measurement instead of a table' },
  },
  notes:
    `Measured on ${PROBLEMS} held-out problems of each size, answered once: the frontier is the largest size up to which\n` +
    'every size is solved in at least half of the cases. No text of the first stage has a problem above its size; after it\n' +
    'no text is shown: the model asks, and the verifier tells which of its answers are right.',
  examples: ['curriculum --out runs/sums', 'curriculum --task equations --seeds 0 --json'],
  async run(args) {
    const seeds = readSeeds(args);
    readPipeline(args, 0);
    const out = outputFolder(args, 'curriculum');
    makeFolder(out);
    const runtime = await openNodeRuntime(args);
    const results: SeedResult[] = [];
    for (const seed of seeds) results.push(await runSeed(runtime, args, seed, out));
    if (args.flag('json')) printLine(JSON.stringify({ task: readTaskName(args), results }));
    else printTable(results);
    return 0;
  },
};
