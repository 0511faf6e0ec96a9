// `record MODEL`: the answer and the run that the page plays where there is no WebGPU, made by the engine itself; and
// what a finished pipeline left, for the page to show beside the reader's own.

import { version } from '../../../package.json';
import { writeDirectory } from '../../formats/huggingface/nodeDirectory';
import type { MadeBy } from '../../protocol/recording';
import { foreignOption } from '../../trainer/grpo/foreignOptions';
import { grpoConfigSchema, numSteps } from '../../trainer/grpo/grpoConfig';
import { type Arguments, type Command, UsageError } from '../command';
import { note, Progress } from '../console';
import { checkOutputFolder } from '../files';
import { holdFolder } from '../folderLock';
import { readModel } from '../models';
import { pipelineFolder } from '../pipelineFolder';
import { recordAnswer, recordingText, recordPipeline, recordRun, thinRun } from '../recorder';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import { readGrpoConfig, readPreset, readTask, TASK_OPTIONS, withSteps } from '../settings';

export const recordCommand: Command = {
  name: 'record',
  summary: 'Record an answer, a training run or a finished pipeline for the page to play.',
  positionals: [{ name: '[MODEL]', help: 'the model to ask and to train; left out with --pipeline' }],
  options: {
    ...DEVICE_OPTION,
    out: { value: 'DIR', help: 'where answer.json and run.json go (default public/recorded)' },
    pipeline: { value: 'DIR', help: 'record the finished pipeline in DIR, as NAME.json, and nothing else' },
    label: { value: 'TEXT', help: 'what the run is called (default: a name by its seed)' },
    gallery: { value: 'NAME', help: 'record only the run, small, as gallery/NAME.json; one that fails up to there' },
    only: { value: 'W', help: 'record only the answer or only the run' },
    answerer: { value: 'MODEL', help: 'another model for the answer, such as the trained one' },
    question: { value: 'Q', help: 'what to ask (default: the first example of the task)' },
    ...TASK_OPTIONS,
    preset: { value: 'P', help: 'preset of the run (default R1-Zero)' },
    set: { value: 'name=value', multiple: true, help: "an option of TRL's GRPOConfig" },
    'custom-reward': { value: 'FILE', help: 'JavaScript that defines reward(sample): the reward named custom' },
    steps: { value: 'N', help: 'steps of the run (default: as the preset says)' },
    seed: { value: 'S', help: 'seed of the answer and the run (default 42)' },
    'eval-problems': { value: 'N', help: 'held-out problems of an evaluation (default 256)' },
    'eval-every': { value: 'N', help: 'steps between evaluations (default 25)' },
  },
  settings: Object.keys(grpoConfigSchema.entries),
  foreign: foreignOption,
  examples: [
    'record base --answerer runs/zero',
    'record base --only run --steps 50 --out public/recorded',
    'record --pipeline runs/r1',
    'record base --gallery collapse --set learning_rate=0.02 --steps 40 --eval-every 2',
  ],
  async run(args) {
    if (args.isGiven('pipeline')) return recordFinished(args, args.required('pipeline'));
    const gallery = args.text('gallery');
    const only = gallery === undefined ? args.text('only') : 'run';
    if (only !== undefined && only !== 'answer' && only !== 'run') {
      throw args.usage(`--only is “${only}”.`, 'Write answer or run.');
    }
    const { task, difficulty } = readTask(args);
    const preset = readPreset(args.text('preset') ?? 'R1-Zero');
    const seed = args.integer('seed', 42);
    const config = withSteps(args, readGrpoConfig(args, preset, { seed }));
    const request = {
      question: args.text('question') ?? (task.examples[0] as string),
      temperature: 1,
      topP: 1,
      topK: 0,
      seed,
      maxTokens: 128,
      samples: 1,
      thinking: null,
    };
    const settings = {
      task: task.name,
      difficulty,
      preset: preset.name,
      config,
      evalProblems: args.integer('eval-problems', 256),
      evalEvery: args.integer('eval-every', 25),
      checkpointEvery: 0,
    };
    const label = args.text('label');
    const out = args.text('out') ?? (gallery === undefined ? 'public/recorded' : 'public/recorded/gallery');
    checkOutputFolder(out);
    const given = args.positional(0);
    if (given === undefined)
      throw args.usage('MODEL is missing.', 'Give the model to ask and to train, or --pipeline.');
    holdFolder(out);
    const trained = await readModel(given);
    const asked = args.isGiven('answerer') ? await readModel(args.required('answerer')) : trained;
    const runtime = await openNodeRuntime(args);
    const madeBy = (model: string): MadeBy => ({
      model,
      device: runtime.device.name,
      program: `soliloquy ${version}`,
      at: new Date().toISOString(),
    });
    const files = new Map<string, Uint8Array>();
    const add = (name: string, text: string) => files.set(name, new TextEncoder().encode(text));
    if (only !== 'run') {
      add('answer.json', recordingText(await recordAnswer(runtime, asked, request, madeBy(asked.name))));
    }
    if (only !== 'answer') {
      const total = numSteps(config);
      const progress = new Progress('recording', total, 'steps');
      const run = await recordRun(runtime, trained, settings, { ...madeBy(trained.name), label }, (step) =>
        progress.update(step),
      );
      progress.end();
      if (gallery !== undefined) add(`${gallery}.json`, recordingText(thinRun(run)));
      else if (run.beforeAfter) add('run.json', recordingText(run));
      else
        throw new UsageError('The run failed.', 'Try other settings, or record it as far as it went with --gallery.');
    }
    await writeDirectory(out, files);
    for (const [name, bytes] of files) note(`Wrote ${out}/${name}, ${(bytes.length / 1000).toFixed(0)} kB.`);
    return 0;
  },
};

async function recordFinished(args: Arguments, folder: string): Promise<number> {
  const out = args.text('out') ?? 'public/recorded';
  checkOutputFolder(out);
  const made = { program: `soliloquy ${version}`, at: new Date().toISOString() };
  holdFolder(out);
  const recording = await recordPipeline(pipelineFolder(folder), made);
  if (recording === undefined) {
    throw new UsageError(
      `${folder} holds no finished pipeline.`,
      'Give the --out folder of a pipeline all of whose stages are done.',
    );
  }
  const name = `${recording.run.pipeline.name}.json`;
  const bytes = new TextEncoder().encode(recordingText(recording));
  await writeDirectory(out, new Map([[name, bytes]]));
  note(`Wrote ${out}/${name}, ${(bytes.length / 1000).toFixed(0)} kB.`);
  return 0;
}
