// `pairs MODEL`: two answers a problem, of which a simulated rater prefers one, as lines of TRL's preference format.
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { loadLanguageModel } from '../../engine/languageModel';
import { RATER_NAMES, RATERS } from '../../rewards/raters';
import { checkRated, PairSampling } from '../../trainer/preference/pairSampling';
import { type PairSettings, pairSettingsSchema } from '../../trainer/preference/pairSettings';
import { type Arguments, type Command, readGiven } from '../command';
import { note, Progress, printLine } from '../console';
import { checkOutputFolder, writeGiven } from '../files';
import { readModel } from '../models';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';
import { readTask, TASK_OPTIONS } from '../settings';

const RATER_LIST = RATER_NAMES.map((name) => `${name} (checks sums of up to ${RATERS[name]} terms)`).join(', ');

/** Who --rater is, by name or as a number. Throws UsageError. */
function readRater(args: Arguments): PairSettings['rater'] {
  const text = args.text('rater') ?? 'teacher';
  const name = RATER_NAMES.find((known) => known === text);
  if (name) return name;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw args.usage(`--rater is “${text}”.`, `Give ${RATER_NAMES.join(', ')}, or the largest size that it can check.`);
}

export const pairsCommand: Command = {
  name: 'pairs',
  summary: 'Make pairs of a model’s answers, of which a simulated rater prefers one.',
  positionals: [{ name: 'MODEL', help: 'the model that answers' }],
  options: {
    ...DEVICE_OPTION,
    ...TASK_OPTIONS,
    rater: {
      value: 'R',
      help: `who compares: ${RATER_LIST}, or a number (default teacher)`,
    },
    pairs: { value: 'N', help: 'pairs that are wanted (default 1024)' },
    temperature: { value: 'X', help: 'temperature of the answers (default: the model’s)' },
    seed: { value: 'S', help: 'seed of problems, answers and preferences (default 0)' },
    out: { value: 'FILE', help: 'where the pairs go (default: printed)' },
  },
  notes:
    'A rater sees whether an answer is right up to a size of problem. Beyond it, it goes by looks: a neat form, more steps\n' +
    'of thinking, no word of doubt. It prefers A to B with probability σ(score of A − score of B). A line is TRL’s\n' +
    'preference format, with what the verifier says of both answers beside it, which nobody learns from.',
  examples: [
    'pairs base --rater teacher --pairs 1024 --out pairs.jsonl',
    'pairs base --task chained_sums --difficulty max_terms=8 --rater 5 --seed 1 --out pairs.jsonl',
  ],
  async run(args) {
    const rater = readRater(args);
    const wanted = args.integer('pairs', 1024, { min: 1 });
    const out = args.text('out');
    if (out !== undefined) checkOutputFolder(dirname(out));
    const { name, folder } = await readModel(args.positional(0) as string);
    const { task, difficulty } = readTask(args, folder.readme);
    readGiven(() => checkRated(task));
    const settings = v.parse(pairSettingsSchema, {
      rater,
      pairs: wanted,
      seed: args.integer('seed', 0),
      ...(args.isGiven('temperature') && { temperature: args.number('temperature', 1, { min: 0 }) }),
    });
    const runtime = await openNodeRuntime(args);
    const model = await loadLanguageModel(runtime, name, folder, false);
    const progress = new Progress('pairs', wanted, 'pairs');
    const sampling = PairSampling.create(runtime, model, task, difficulty, settings);
    while (sampling.step < sampling.total) {
      await sampling.run();
      progress.update(sampling.step, true);
    }
    progress.end();
    const { pairs, report } = sampling.preferences;
    await sampling.destroy();
    const text = pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('');
    if (out === undefined) printLine(text.trimEnd());
    else writeGiven(out, () => writeFileSync(out, text));
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    note(
      `${pairs.length} pairs from ${report.problems} problems; right: ${percent(report.chosen_correct)} of the chosen, ` +
        `${percent(report.rejected_correct)} of the rejected.`,
    );
    if (pairs.length < wanted)
      note('Fewer than wanted: the model mostly answers alike. Raise --temperature, or take a wider --difficulty.');
    return 0;
  },
};
