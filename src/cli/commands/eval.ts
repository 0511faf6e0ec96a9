// `eval MODEL`: accuracy on held-out problems, as one JSON object.
import { loadLanguageModel } from '../../engine/languageModel';
import { drawProblems, evaluate, questionGenerator } from '../../trainer/evaluate';
import type { Command } from '../command';
import { note, Progress, printLine } from '../console';
import { readModel } from '../models';
import { openNodeRuntime } from '../runtime';
import { readSampling, SAMPLING_OPTIONS } from '../sampling';
import { readTask, TASK_OPTIONS } from '../settings';

const BATCH = 128;

export const evalCommand: Command = {
  name: 'eval',
  summary: 'Measure a model on held-out problems of a task.',
  positionals: [{ name: 'MODEL', help: 'the model to measure' }],
  options: {
    ...TASK_OPTIONS,
    problems: { value: 'N', help: 'how many problems (default 512)' },
    seed: { value: 'S', help: 'seed of the problems and of the sampling (default 0)' },
    ...SAMPLING_OPTIONS,
    json: { help: 'print one JSON object with every number instead of a few lines' },
  },
  notes:
    'Each problem is answered once. Training never sees these problems: about one question in eight is held out, decided by\n' +
    'the question alone. The same seed gives the same problems and, on the same device, the same answers.',
  examples: [
    'eval base --task chained_sums --problems 512 --seed 0 --json',
    'eval runs/zero --difficulty min_terms=8 --difficulty max_terms=10 --temperature 0',
  ],
  async run(args) {
    const { task, difficulty } = readTask(args);
    const numProblems = args.integer('problems', 512, { min: 1, max: 1_000_000 });
    const seed = args.integer('seed', 0);
    const options = readSampling(args);
    const problems = drawProblems(task, difficulty, 'held-out', seed, numProblems);
    const { name, folder } = await readModel(args.positional(0) as string);
    const runtime = await openNodeRuntime();
    const model = await loadLanguageModel(runtime, name, folder, false);
    const sampling = { ...options, endToken: model.tokenizer.eosId, numTokens: model.tokenizer.vocabSize };
    const generator = questionGenerator(runtime, model, Math.min(BATCH, numProblems), options.maxNewTokens);
    const progress = new Progress('evaluating', numProblems, 'problems');
    const result = await evaluate(runtime, model, generator, task, problems, sampling, seed, (done) =>
      progress.update(done),
    );
    progress.end();
    const tokens = result.answers.reduce((sum, answer) => sum + answer.rollout.tokens.length, 0);
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
      accuracy: result.accuracy,
      format_rate: result.formatRate,
      mean_thinking_tokens: result.meanThinkingTokens,
      mean_tokens: result.meanTokens,
      clipped_ratio: result.clippedRatio,
      thinking_language: result.language,
      seconds: progress.elapsedSeconds,
      tokens_per_second: tokens / progress.elapsedSeconds,
      device: runtime.device.name,
    };
    if (args.flag('json')) printLine(JSON.stringify(summary));
    else {
      printLine(`accuracy              ${(100 * result.accuracy).toFixed(1)} % of ${numProblems}`);
      printLine(`format                ${(100 * result.formatRate).toFixed(1)} %`);
      printLine(`mean thinking tokens  ${result.meanThinkingTokens.toFixed(1)}`);
      printLine(
        `mean tokens           ${result.meanTokens.toFixed(1)} (${(100 * result.clippedRatio).toFixed(1)} % cut)`,
      );
    }
    note(`${summary.tokens_per_second.toFixed(0)} tokens/s on ${summary.device}`);
    return 0;
  },
};
