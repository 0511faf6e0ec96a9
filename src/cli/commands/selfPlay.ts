// `self-play`: Nim over several seeds, imitation first and then games against itself, measured on the way.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelFiles } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { ModelFolder } from '../../formats/huggingface/folder';
import { meanAndStd } from '../../lib/meanAndStd';
import { type Pipeline, parsePipeline } from '../../runs/pipeline';
import { getPipeline } from '../../runs/ready';
import { runStudy, type StudyPoint } from '../../runs/study';
import { completeDifficulty } from '../../tasks/difficulty';
import { nim } from '../../tasks/games/nim';
import { perfectPlayer, teacherPlayer } from '../../tasks/games/players';
import { task } from '../../tasks/kinds/nim';
import { fieldOf, measureModel, measureNim, type NimMeasure } from '../../trainer/games/measureNim';
import { type Arguments, type Command, readGiven } from '../command';
import { note, printLine } from '../console';
import { makeFolder, outputFolder } from '../files';
import { readModel } from '../models';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import { readDials, readSeeds, readSet } from '../settings';

/** What --set may change of the stage of self-play. */
const SETTINGS = ['max_steps', 'learning_rate', 'num_prompts', 'num_generations', 'temperature', 'lr_scheduler_type'];
const MOST_POSITIONS = 128;
const ANSWERS = 8;

function readPipeline(args: Arguments, seed: number): Pipeline {
  const ready = getPipeline('self-play', args.flag('mini'));
  const set = readSet(args, SETTINGS, 'self-play');
  const imitation = args.isGiven('imitation') ? args.integer('imitation', 0, { min: 1 }) : undefined;
  const stages = ready.stages.map((stage) => {
    if (stage.kind === 'grpo') return { ...stage, options: { ...stage.options, ...set } };
    if (stage.kind !== 'sft' || imitation === undefined) return stage;
    return { ...stage, training: { ...stage.training, steps: imitation } };
  });
  const difficulty = { ...ready.difficulty, ...readDials(args) };
  return readGiven(() => parsePipeline({ ...ready, seed, difficulty, stages }));
}

/** What was found with one seed: a line of a file of its own, so that a study goes on where it was stopped. */
interface SeedResult {
  readonly seed: number;
  readonly points: readonly StudyPoint<NimMeasure>[];
}

async function runSeed(runtime: Runtime, args: Arguments, seed: number, out: string): Promise<SeedResult> {
  const path = join(out, `seed-${seed}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as SeedResult;
  const pipeline = readPipeline(args, seed);
  const field = fieldOf(completeDifficulty(task.dials, pipeline.difficulty));
  const inputs = new Map<string, ModelFolder>();
  for (const name of pipeline.inputs) inputs.set(name, (await readModel(name)).folder);
  const { points, model } = await runStudy<NimMeasure>(runtime, pipeline, {
    inputs,
    every: args.integer('every', 25, { min: 1 }),
    measure: (...of) => measureModel(...of, { field, seed, most: MOST_POSITIONS, samples: ANSWERS }),
    temperature: args.number('temperature', 1, { min: 0, max: 10 }),
    onStep: (stage, step, total, metrics) => {
      if (step % 10 === 0) note(`seed ${seed}, ${stage} ${step} of ${total}: ${JSON.stringify(brief(metrics))}`);
    },
    onPoint: (point) => note(`seed ${seed}, ${point.stage} ${point.step}: ${pointText(point.measure)}`),
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

const TOLD = ['loss', 'reward', 'games/mean_plies', 'games/forfeits', 'completions/mean_length', 'step_time'];
const brief = (metrics: Readonly<Record<string, number>>) =>
  Object.fromEntries(TOLD.flatMap((name) => (metrics[name] === undefined ? [] : [[name, +metrics[name].toFixed(3)]])));

const percent = (value: number) => (100 * value).toFixed(1);

const byHeapsText = (byHeaps: NimMeasure['optimalByHeaps']) =>
  Object.entries(byHeaps)
    .map(([heaps, share]) => `${heaps}: ${percent(share)}`)
    .join(', ');

const pointText = ({ optimal, optimalByHeaps, rareOptimal, optimalWhereRare, legal, wins }: NimMeasure) =>
  `winning moves ${percent(optimal)} % (by heaps ${byHeapsText(optimalByHeaps)}; legal ${percent(legal)}; ` +
  `hardly the teacher's ${percent(rareOptimal)}; ` +
  `where only those win ${percent(optimalWhereRare)}); wins first/second against ` +
  Object.entries(wins)
    .map(([name, { first, second }]) => `${name} ${percent(first)}/${percent(second)}`)
    .join(', ');

/** The figures of the table, of one measurement. */
const FIGURES: readonly (readonly [name: string, of: (measure: NimMeasure) => number])[] = [
  ['winning moves', ({ optimal }) => optimal],
  ['of one heap', ({ optimalByHeaps }) => optimalByHeaps[1] ?? Number.NaN],
  ['of two heaps', ({ optimalByHeaps }) => optimalByHeaps[2] ?? Number.NaN],
  ['of three heaps', ({ optimalByHeaps }) => optimalByHeaps[3] ?? Number.NaN],
  ['hardly the teacher’s, and winning', ({ rareOptimal }) => rareOptimal],
  ['winning where only such moves win', ({ optimalWhereRare }) => optimalWhereRare],
  ['wins as first: teacher', ({ wins }) => wins.teacher.first],
  ['as second: teacher', ({ wins }) => wins.teacher.second],
  ['as first: random', ({ wins }) => wins.random.first],
  ['as second: random', ({ wins }) => wins.random.second],
  ['as first: perfect', ({ wins }) => wins.perfect.first],
];

function printTable(rows: readonly (readonly [name: string, measures: readonly NimMeasure[]])[]): void {
  printLine(`| percent | ${rows.map(([name]) => name).join(' | ')} |`);
  printLine(`|${'---|'.repeat(rows.length + 1)}`);
  for (const [figure, of] of FIGURES) {
    const cells = rows.map(([, measures]) => {
      const { mean, std } = meanAndStd(measures.map(of));
      return measures.length > 1 ? `${percent(mean)} ± ${percent(std)}` : percent(mean);
    });
    printLine(`| ${figure} | ${cells.join(' | ')} |`);
  }
}

export const selfPlayCommand: Command = {
  name: 'self-play',
  summary: 'Nim over several seeds: imitation of a mediocre player, then games of the model against itself, measured.',
  positionals: [],
  options: {
    ...DEVICE_OPTION,
    seeds: { value: 'S,…', help: 'seeds, each a whole run (default 0,1,2)' },
    difficulty: { value: 'k=v', multiple: true, help: 'min_heaps, max_heaps, max_stones (default: the pipeline’s)' },
    mini: { help: 'the small form of the pipeline' },
    imitation: { value: 'N', help: 'steps of imitation (default: the pipeline’s)' },
    every: { value: 'N', help: 'steps of self-play between two measurements (default 25)' },
    temperature: { value: 'T', help: 'of the moves that are measured; 0 takes the likeliest (default 1)' },
    set: { value: 'k=v', multiple: true, help: `an option of the stage of self-play: ${SETTINGS.join(', ')}` },
    out: { value: 'DIR', help: 'where models and results go; seeds that are done there are not done again' },
    json: { help: 'print one JSON object with every measurement instead of a table' },
  },
  notes:
    'Measured on positions that no training sees (at most 128, eight answers each): the share of moves\n' +
    'that win against perfect play; the share that win and that the teacher makes in fewer than 1 of 20 cases; games against\n' +
    'a random, the teacher’s and a perfect player, from those positions, moving first (it can win all) and second (it wins\n' +
    'only if the other one errs). The rules: take one to three stones from one heap; who takes the last stone wins.',
  examples: [
    'self-play --out runs/nim-two',
    'self-play --difficulty max_heaps=1 --difficulty max_stones=40 --out runs/nim-one',
    'self-play --difficulty min_heaps=1 --difficulty max_heaps=3 --difficulty max_stones=12 --json',
  ],
  async run(args) {
    const seeds = readSeeds(args);
    const { difficulty } = readPipeline(args, 0);
    const field = fieldOf(completeDifficulty(task.dials, difficulty));
    const out = outputFolder(args, 'self-play');
    makeFolder(out);
    const runtime = await openNodeRuntime(args);
    const results: SeedResult[] = [];
    for (const seed of seeds) results.push(await runSeed(runtime, args, seed, out));
    const options = { field, seed: 0, most: MOST_POSITIONS, samples: ANSWERS };
    const teacher = await measureNim((round) => teacherPlayer(100 + round), options);
    const perfect = await measureNim((round) => perfectPlayer(nim, 100 + round), options);
    if (args.flag('json')) {
      printLine(JSON.stringify({ difficulty, teacher, perfect, results }));
      return 0;
    }
    const last = (stage: string) =>
      results.flatMap(({ points }) => points.filter((point) => point.stage === stage).at(-1)?.measure ?? []);
    note(`${teacher.positions} positions, ${seeds.length} seeds`);
    printTable([
      ['teacher', [teacher]],
      ['pupil', last('pupil')],
      ['after self-play', last('player')],
      ['perfect play', [perfect]],
    ]);
    return 0;
  },
};
