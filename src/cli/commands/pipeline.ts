// `pipeline NAME`: a whole recipe such as DeepSeek-R1's, stage by stage, each checkpoint measured and kept.
import type { ModelFolder } from '../../formats/huggingface/folder';
import { cliCommand } from '../../lib/shell';
import { checkLengths } from '../../runs/lengths';
import { type Pipeline, parsePipeline, parsePipelineFile } from '../../runs/pipeline';
import { toDo } from '../../runs/pipelineRecord';
import { type PipelineEvent, PipelineRunner } from '../../runs/pipelineRunner';
import { allPipelines, getPipeline } from '../../runs/ready';
import { toldDifficulty } from '../../tasks/difficulty';
import { getTask } from '../../tasks/registry';
import { type Arguments, type Command, readGiven } from '../command';
import { note, printLine } from '../console';
import { outputFolder, readTextFile } from '../files';
import { INTERRUPTED, listenForInterrupt } from '../interrupt';
import { readModel } from '../models';
import { claimPipelineFolder, forgetInputs, holdPipelineFolder, pipelineFolder } from '../pipelineFolder';
import { PipelineReporter, stageTable } from '../pipelineText';
import { refuseSettled } from '../runFolder';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import { readDials, readTask, TASK_OPTIONS } from '../settings';

/** What a resumed pipeline may still be given. */
const RESUMABLE_OPTIONS: readonly string[] = ['device', 'resume', 'only', 'save-every', 'json'];

const FILE_REMEDY = 'Give a pipeline: a name, or a JSON file such as the page saves.';

/** A ready pipeline or one from a file, with what the command line changes of it. Throws UsageError. */
function readPipeline(args: Arguments): Pipeline {
  const name = args.positional(0);
  if (name === undefined) {
    const names = allPipelines().map((pipeline) => pipeline.name);
    throw args.usage('NAME is missing.', `Give one of: ${names.join(', ')}; or a file; or --resume a pipeline.`);
  }
  const isFile = name.endsWith('.json');
  if (isFile && args.flag('mini')) throw args.usage('--mini goes with a name, not with a file.', 'Leave it out.');
  const pipeline = readGiven(() =>
    isFile ? parsePipelineFile(readTextFile(name, FILE_REMEDY), name) : getPipeline(name, args.flag('mini')),
  );
  return readGiven(() =>
    parsePipeline({ ...pipeline, ...taskOf(args, pipeline), seed: args.integer('seed', pipeline.seed) }),
  );
}

/** Another task brings its own difficulty; a dial alone is turned on the pipeline's. */
function taskOf(args: Arguments, pipeline: Pipeline) {
  if (args.isGiven('task')) {
    const { task, difficulty } = readTask(args);
    return { task: task.name, difficulty };
  }
  const difficulty = { ...pipeline.difficulty, ...readDials(args) };
  return { difficulty: readGiven(() => toldDifficulty(getTask(pipeline.task).dials, difficulty)) };
}

/** The models it starts from: as --input says, else the ones of those names. */
async function readInputs(args: Arguments, pipeline: Pipeline): Promise<Map<string, ModelFolder>> {
  const given = args.pairs('input');
  const unknown = Object.keys(given).find((name) => !pipeline.inputs.includes(name));
  if (unknown !== undefined) {
    const known = pipeline.inputs.length > 0 ? `It has: ${pipeline.inputs.join(', ')}.` : 'It has none.';
    throw args.usage(`${pipeline.name} has no input ${unknown}.`, known);
  }
  const folders = new Map<string, ModelFolder>();
  for (const name of pipeline.inputs) folders.set(name, (await readModel(given[name] ?? name)).folder);
  return folders;
}

function list(isJson: boolean): number {
  const pipelines = allPipelines();
  if (isJson) printLine(JSON.stringify(pipelines));
  else {
    for (const { name, summary, inputs, stages } of pipelines) {
      printLine(`${name}: ${summary}`);
      if (inputs.length > 0) printLine(`  starts from ${inputs.join(', ')}`);
      for (const stage of stages) printLine(`  ${stage.kind.padEnd(11)} ${stage.name.padEnd(15)} ${stage.summary}`);
    }
  }
  return 0;
}

/** The command that makes the pipeline again. */
function commandOf(args: Arguments, { seed, task, difficulty }: Pipeline, out: string): string {
  const dials = Object.entries(difficulty).flatMap(([name, value]) => ['--difficulty', `${name}=${value}`]);
  const inputs = Object.entries(args.pairs('input')).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  return cliCommand(
    ...['pipeline', args.positional(0) as string, ...(args.flag('mini') ? ['--mini'] : [])],
    ...(args.isGiven('task') ? ['--task', task] : []),
    ...[...dials, ...inputs, '--seed', `${seed}`, '--out', out],
  );
}

export const pipelineCommand: Command = {
  name: 'pipeline',
  summary: 'Run a recipe of several stages, such as DeepSeek-R1’s, and measure every checkpoint.',
  positionals: [
    {
      name: '[NAME]',
      help: `${allPipelines()
        .map((pipeline) => pipeline.name)
        .join(', ')}, or a JSON file; left out with --list and --resume`,
    },
  ],
  options: {
    ...DEVICE_OPTION,
    list: { help: 'show the pipelines there are and their stages' },
    mini: {
      help: 'the small form: R1 and R1-Zero learn visibly in a minute or two; the others show that all works',
    },
    out: { value: 'DIR', help: 'where the checkpoints go, a folder for each (default: a new folder below runs/)' },
    seed: { value: 'S', help: 'seed of everything (default 42)' },
    input: { value: 'name=MODEL', multiple: true, help: 'another model for an input (default: the one of that name)' },
    only: { value: 'STAGE', help: 'make only this stage and what it needs; the rest can be made later with --resume' },
    ...TASK_OPTIONS,
    'save-every': {
      value: 'N',
      help:
        'steps between saves of a stage under way, the first ones earlier; 0: only on Ctrl-C and after its ' +
        'last step (default 25)',
    },
    resume: { value: 'DIR', help: 'go on with the pipeline in DIR' },
    json: { help: 'print one JSON object instead of a table' },
  },
  notes:
    'DIR gets a Hugging Face folder for each checkpoint with its model card and metrics.jsonl, set.jsonl for each set, and\n' +
    'pipeline.json: the pipeline, and what was measured of each. Ctrl-C finishes the step and saves; ' +
    '--resume goes on from there\n' +
    'and gives the same weights, bit for bit, as if it had never been stopped. A file has the form of one pipeline of\n' +
    '--list --json, or of what the page saves.',
  examples: [
    'pipeline r1 --out runs/r1 --seed 0',
    'pipeline r1 --mini --out runs/mini',
    'pipeline r1 --only cold-start --out runs/r1',
    'pipeline --resume runs/r1',
    'pipeline --list --json',
  ],
  async run(args) {
    if (args.flag('list')) return list(args.flag('json'));
    const saveEvery = args.integer('save-every', 25);
    const reporter = new PipelineReporter();
    const options = { saveEvery, only: args.text('only'), onEvent: (event: PipelineEvent) => reporter.report(event) };
    const resumePath = args.text('resume');
    if (resumePath !== undefined) {
      refuseSettled(args, pipelineCommand, RESUMABLE_OPTIONS);
      holdPipelineFolder(resumePath);
      const store = pipelineFolder(resumePath);
      return drive(await PipelineRunner.resume(await openNodeRuntime(args), store, options), args, resumePath);
    }
    const pipeline = readPipeline(args);
    readGiven(() => toDo({ pipeline, done: [] }, args.text('only')));
    const out = outputFolder(args, pipeline.name);
    claimPipelineFolder(out, pipeline);
    const inputs = await readInputs(args, pipeline);
    readGiven(() => checkLengths(pipeline, inputs));
    const runtime = await openNodeRuntime(args);
    const command = commandOf(args, pipeline, out);
    const begun = PipelineRunner.begin(runtime, pipeline, inputs, pipelineFolder(out), command, options);
    const runner = await begun.catch((error: unknown) => {
      forgetInputs(out, pipeline);
      throw error;
    });
    return drive(runner, args, out);
  },
};

/** Advances to the end, or until Ctrl-C; returns the exit code. */
async function drive(runner: PipelineRunner, args: Arguments, path: string): Promise<number> {
  const { pipeline, device } = runner.record;
  note(`${pipeline.name} on ${pipeline.task}: ${pipeline.stages.length} stages, seed ${pipeline.seed}, on ${device}`);
  const interrupt = listenForInterrupt('finishing this step, then saving');
  while (!runner.isDone && !interrupt.isRequested) await runner.advance();
  if (!runner.isDone) {
    await runner.pause();
    note(`Saved. Go on with: ${cliCommand('pipeline', '--resume', path)}`);
    return INTERRUPTED;
  }
  printLine(args.flag('json') ? JSON.stringify(runner.record) : stageTable(runner.record));
  note(`Saved the checkpoints in ${path}.`);
  return 0;
}
