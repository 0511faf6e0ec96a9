// `run-file export RUN` and `run-file import FILE`: a GRPO run between the command line and the page, as one file.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import * as v from 'valibot';
import { writeDirectory } from '../../formats/huggingface/nodeDirectory';
import { writeFolder } from '../../formats/huggingface/writeFolder';
import { hashText } from '../../lib/hash';
import { cliCommand } from '../../lib/shell';
import type { RunRecord, StepMetrics } from '../../runs/run';
import { packRunFile, type RunFile, readRunFile } from '../../runs/runFile';
import { readProblemFile } from '../../tasks/own/problemFile';
import { findProblemSet, isOwnTask, type ProblemSet } from '../../tasks/own/problemSet';
import type { Arguments, Command } from '../command';
import { note } from '../console';
import { checkOutputFolder, makeFolder, readTextFile, writeGiven } from '../files';
import { grpoRunSettingsSchema } from '../grpoRun';
import { readModel } from '../models';
import { RunFolder } from '../runFolder';
import { parseSettings } from '../settings';

/** Below the run's folder: the model that the run started from, and the reader's own problems. */
const BASE = 'base';
const PROBLEMS = 'problems.jsonl';

const logLine = v.looseObject({ step: v.pipe(v.number(), v.integer(), v.minValue(0)) });

/** The steps of a log up to one, each once; what is no number is left out. */
function readLog(path: string, until: number): StepMetrics[] {
  const steps = new Map<number, StepMetrics>();
  for (const [i, line] of readTextFile(path, 'Give the file that grpo wrote as --log.').split('\n').entries()) {
    if (line === '') continue;
    const { step, ...values } = parseSettings(logLine, parseLine(line), `${path}, line ${i + 1}`);
    const numbers = Object.entries(values).filter((pair): pair is [string, number] => typeof pair[1] === 'number');
    if (step <= until) steps.set(step, { step, metrics: Object.fromEntries(numbers) });
  }
  return [...steps.values()].sort((a, b) => a.step - b.step);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function exportRun(args: Arguments, path: string): Promise<number> {
  const out = args.required('out');
  if (existsSync(out) && !args.flag('force'))
    throw args.usage(`${out} is there already.`, 'Choose another place, or add --force.');
  checkOutputFolder(dirname(out));
  const { checkpoint, resumed } = await new RunFolder(path).loadCheckpoint('grpo');
  const { model, ...settings } = parseSettings(grpoRunSettingsSchema, resumed.about.settings, 'the checkpoint');
  const base = (await readModel(model)).folder;
  const log = args.text('log');
  const steps = log === undefined ? [] : readLog(log, checkpoint.step);
  // Its evaluation is still to come, and so is its line.
  const { unmeasured } = resumed;
  if (unmeasured && steps.at(-1)?.step !== checkpoint.step) steps.push({ step: checkpoint.step, metrics: unmeasured });
  const name = basename(resolve(path));
  const run: RunRecord = {
    // The same for the same run: whoever has it already is told so.
    id: `cli-${hashText(JSON.stringify([resolve(path), settings]))
      .toString(16)
      .padStart(8, '0')}`,
    name,
    createdAt: new Date().toISOString(),
    baseModel: basename(resolve(model)),
    parents: [],
    settings,
    devices: resumed.devices,
    step: checkpoint.step,
    status: 'paused',
  };
  const file = packRunFile({
    run,
    steps: steps.map((metrics) => ({ metrics, groups: [] })),
    problemSet: isOwnTask(settings.task) ? ownProblems(args, path, settings.task) : undefined,
    state: { checkpoint, base: await writeFolder(base, {}) },
  });
  writeGiven(out, () => writeFileSync(out, file));
  note(`Wrote ${name} at step ${run.step}, ${(file.length / 1e6).toFixed(2)} MB, to ${out}: open it on Train.`);
  if (log === undefined) note('Without --log it has no metrics of the steps so far.');
  return 0;
}

/** The problems of the run: the file that is given, else the one beside it. Throws UsageError. */
function ownProblems(args: Arguments, folder: string, task: string): ProblemSet {
  const path = args.text('task-file') ?? join(folder, PROBLEMS);
  if (!existsSync(path))
    throw args.usage(
      'The run trains on problems of your own.',
      'Give the file that they were read from as --task-file.',
    );
  const read = readProblemFile(readTextFile(path, 'Give a CSV or JSON lines of problems.'));
  const name = basename(path).replace(/\.[^.]*$/, '');
  const set = 'fault' in read ? undefined : findProblemSet({ name, problems: read.problems });
  if (set?.id === task) return set;
  throw args.usage(`${path} holds other problems than the run was begun with.`, 'Give the file as it was then.');
}

async function importRun(args: Arguments, path: string): Promise<number> {
  const out = args.required('out');
  if (!existsSync(path)) throw args.usage(`There is no file ${path}.`, 'Give a run file, such as the page saves.');
  const file = await readRunFile(path, new Uint8Array(readFileSync(path)));
  const { state, run } = file;
  if (state === undefined)
    throw args.usage(
      `${path} has no checkpoint of ${run.name}: it can be looked at, in the page.`,
      'Save the run again with its checkpoint.',
    );
  const code = run.settings.config.custom_reward;
  if (code !== '' && !args.flag('allow-code')) {
    note(code);
    throw args.usage(
      'The run brings this code for a reward of its own.',
      'Read it, and add --allow-code to let it run.',
    );
  }
  const folder = new RunFolder(out);
  folder.claim();
  const kept = [BASE, PROBLEMS].map((name) => join(out, name)).find((place) => existsSync(place));
  if (kept !== undefined) throw args.usage(`${kept} is there already.`, 'Choose another folder.');
  const isNew = !existsSync(out);
  try {
    await keep(folder, { ...file, state });
  } catch (error) {
    for (const place of isNew ? [out] : [join(out, BASE), join(out, PROBLEMS), folder.checkpointPath])
      rmSync(place, { recursive: true, force: true });
    throw error;
  }
  const log = args.text('log');
  if (log !== undefined) {
    const lines = file.steps.map(({ metrics: { step, metrics } }) => `${JSON.stringify({ step, ...metrics })}\n`);
    writeGiven(log, () => {
      makeFolder(dirname(log));
      writeFileSync(log, lines.join(''));
    });
  }
  const more = [
    ...(file.problemSet ? ['--task-file', join(out, PROBLEMS)] : []),
    ...(log === undefined ? [] : ['--log', log]),
  ];
  note(`${run.name} is in ${out}, at step ${state.checkpoint.step}.`);
  note(`Go on with: ${cliCommand('grpo', '--resume', out, ...more)}`);
  return 0;
}

/** The checkpoint is written last: with it the folder is a run. */
async function keep(folder: RunFolder, file: RunFile & Required<Pick<RunFile, 'state'>>): Promise<void> {
  const { run, steps, problemSet, state } = file;
  const base = join(folder.path, BASE);
  await writeDirectory(base, state.base);
  if (problemSet) {
    const lines = problemSet.problems.map((problem) => `${JSON.stringify(problem)}\n`).join('');
    writeFileSync(join(folder.path, PROBLEMS), lines);
  }
  const before = steps.find(({ metrics }) => metrics.step === 0)?.metrics.metrics['eval/accuracy'];
  await folder.adopt(state.checkpoint, {
    kind: 'grpo',
    settings: { model: resolve(base), ...run.settings },
    changes: [],
    ...(before !== undefined && { accuracyBefore: before }),
  });
}

const ACTIONS = { export: exportRun, import: importRun } as const;

export const runFileCommand: Command = {
  name: 'run-file',
  summary: 'Take a GRPO run to the page as one file, or take one from there and go on with it.',
  positionals: [
    {
      name: 'ACTION',
      help: 'export: the folder of a stopped run as a file; import: a file as such a folder',
    },
    { name: 'SOURCE', help: 'the folder, or the file' },
  ],
  options: {
    out: { value: 'PATH', help: 'the file, ending in .zip, or the folder' },
    log: { value: 'FILE', help: 'metrics as JSON lines: read by export, written by import' },
    'task-file': { value: 'FILE', help: 'for export: the problems of your own that the run trains on' },
    'allow-code': { help: 'for import: let the code of a reward that the file brings run' },
    force: { help: 'for export: write over a file' },
  },
  notes:
    'A run goes on to the same bits on the same kind of device, wherever it is.\n' +
    'A file is read whole and checked before anything is kept.',
  examples: [
    'run-file export runs/zero --log runs/zero.jsonl --out zero.zip',
    'run-file import calm-otter-7.soliloquy.zip --out runs/calm-otter',
  ],
  async run(args) {
    const action = args.positional(0) as string;
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action as keyof typeof ACTIONS] : undefined;
    if (act === undefined) throw args.usage(`There is no run-file ${action}.`, 'Use export or import.');
    return act(args, args.positional(1) as string);
  },
};
