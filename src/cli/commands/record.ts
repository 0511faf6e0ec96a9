// `record MODEL`: the answer and the run that the page plays where there is no WebGPU, made by the engine itself.

import { version } from '../../../package.json';
import { writeDirectory } from '../../checkpoint/nodeDirectory';
import type { MadeBy } from '../../worker/recording';
import type { Command } from '../command';
import { note, Progress } from '../console';
import { checkOutputFolder } from '../files';
import { readModel } from '../models';
import { recordAnswer, recordingText, recordRun } from '../recorder';
import { openNodeRuntime } from '../runtime';
import { readGrpoConfig, readPreset, readTask, TASK_OPTIONS } from '../settings';

export const recordCommand: Command = {
  name: 'record',
  summary: 'Record an answer and a training run for the page to play.',
  positionals: [{ name: 'MODEL', help: 'the model to ask and to train' }],
  options: {
    out: { value: 'DIR', help: 'where answer.json and run.json go (default public/recorded)' },
    only: { value: 'W', help: 'record only the answer or only the run' },
    answerer: { value: 'MODEL', help: 'another model for the answer, such as the trained one' },
    question: { value: 'Q', help: 'what to ask (default: the first example of the task)' },
    ...TASK_OPTIONS,
    preset: { value: 'P', help: 'preset of the run (default R1-Zero)' },
    set: { value: 'name=value', multiple: true, help: "an option of TRL's GRPOConfig" },
    steps: { value: 'N', help: 'steps of the run (default: as the preset says)' },
    seed: { value: 'S', help: 'seed of the answer and the run (default 42)' },
    'eval-problems': { value: 'N', help: 'held-out problems of an evaluation (default 256)' },
    'eval-every': { value: 'N', help: 'steps between evaluations (default 25)' },
  },
  examples: ['record base --answerer runs/zero', 'record base --only run --steps 50 --out public/recorded'],
  async run(args) {
    const only = args.text('only');
    if (only !== undefined && only !== 'answer' && only !== 'run') {
      throw args.usage(`--only is “${only}”.`, 'Write answer or run.');
    }
    const { task, difficulty } = readTask(args);
    const preset = readPreset(args.text('preset') ?? 'R1-Zero');
    const seed = args.integer('seed', 42);
    const config = readGrpoConfig(args, preset, { seed });
    const steps = args.integer('steps', undefined, { min: 1 });
    const max_steps =
      steps === undefined ? config.max_steps : steps * config.num_iterations * config.steps_per_generation;
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
      config: { ...config, max_steps },
      evalProblems: args.integer('eval-problems', 256),
      evalEvery: args.integer('eval-every', 25),
      checkpointEvery: 0,
    };
    const out = args.text('out') ?? 'public/recorded';
    checkOutputFolder(out);
    const trained = await readModel(args.positional(0) as string);
    const asked = args.isGiven('answerer') ? await readModel(args.required('answerer')) : trained;
    const runtime = await openNodeRuntime();
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
      const total = Math.ceil(max_steps / (config.num_iterations * config.steps_per_generation));
      const progress = new Progress('recording', total, 'steps');
      const run = await recordRun(runtime, trained, settings, madeBy(trained.name), (step) => progress.update(step));
      progress.end();
      add('run.json', recordingText(run));
    }
    await writeDirectory(out, files);
    for (const [name, bytes] of files) note(`Wrote ${out}/${name}, ${(bytes.length / 1000).toFixed(0)} kB.`);
    return 0;
  },
};
