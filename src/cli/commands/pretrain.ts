// `pretrain RECIPE`: a base model from nothing.
import { basename } from 'node:path';
import { loadLanguageModel } from '../../engine/languageModel';
import { cliCommand } from '../../lib/shell';
import { precisionOf } from '../../model/precision';
import { completeDifficulty } from '../../tasks/difficulty';
import { getTask } from '../../tasks/registry';
import { likelihoodSettings } from '../../trainer/texts/likelihoodSettings';
import { corpusText, initialFolder, type PretrainRecipe, pretrainRecipeSchema } from '../../trainer/texts/pretrain';
import { type Arguments, type Command, readGiven, UsageError } from '../command';
import { outputFolder, readTextFile } from '../files';
import { RESUMABLE_OPTIONS, RUN_OPTIONS, runLikelihood } from '../likelihoodCommand';
import { RunFolder, refuseSettled, withChanges } from '../runFolder';
import { openNodeRuntime } from '../runtime';
import { parseSettings, readSet } from '../settings';
import { withResumedSet } from '../trainingCommand';

/** Reads a recipe file. Throws UsageError naming the setting that is wrong. */
function readRecipe(path: string): unknown {
  const text = readTextFile(path, 'Give a recipe: a JSON file such as recipes/base.json.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(
      `${path} is not JSON (${error instanceof Error ? error.message : error}).`,
      'Correct the file.',
    );
  }
}

/** What --set may change in a recipe. */
const SETTINGS = Object.keys(likelihoodSettings);

function newRecipe(args: Arguments): PretrainRecipe {
  const path = args.positional(0);
  if (path === undefined) throw args.usage('RECIPE is missing.', 'Give a recipe file, or --resume a run.');
  const set = readSet(args, SETTINGS, 'pretraining');
  const written = parseSettings(pretrainRecipeSchema, readRecipe(path), path);
  const recipe = parseSettings(pretrainRecipeSchema, { ...written, ...set }, '--set');
  readGiven(() => precisionOf(recipe));
  return { ...recipe, steps: args.integer('steps', recipe.steps, { min: 1 }), seed: args.integer('seed', recipe.seed) };
}

function setOptions(args: Arguments): string[] {
  return Object.entries(args.pairs('set')).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

export const pretrainCommand: Command = {
  name: 'pretrain',
  summary: 'Train a base model from nothing by a recipe.',
  positionals: [{ name: '[RECIPE]', help: 'a recipe file, such as recipes/base.json; left out with --resume' }],
  options: {
    set: {
      value: 'name=value',
      multiple: true,
      help: `another setting than the recipe’s: ${SETTINGS.join(', ')}; with --resume learning_rate or max_grad_norm`,
    },
    steps: { value: 'N', help: 'train for N steps instead of the recipe’s' },
    seed: { value: 'S', help: 'another seed than the recipe’s' },
    ...RUN_OPTIONS,
  },
  settings: SETTINGS,
  notes:
    'Ctrl-C finishes the step, saves a checkpoint and says where; --resume goes on from there and gives the same weights, bit\n' +
    'for bit, as a run that was never stopped.',
  examples: [
    'pretrain recipes/base.json --out runs/base --log runs/base.jsonl',
    'pretrain --resume runs/base --log runs/base.jsonl',
  ],
  async run(args) {
    const resumePath = args.text('resume');
    const folder = new RunFolder(resumePath ?? outputFolder(args, basename(args.positional(0) ?? '', '.json')));
    const found = resumePath === undefined ? undefined : await folder.load('pretrain');
    if (found) refuseSettled(args, pretrainCommand, RESUMABLE_OPTIONS);
    else folder.claim();
    const stored = found && parseSettings(pretrainRecipeSchema, found.about.settings, 'the checkpoint');
    const recipe = stored
      ? parseSettings(pretrainRecipeSchema, withResumedSet(args, stored), '--set')
      : newRecipe(args);
    const resumed = found && stored && withChanges(found, stored, recipe);
    const task = getTask(recipe.task);
    const difficulty = completeDifficulty(task.dials, recipe.difficulty);
    const runtime = await openNodeRuntime(args);
    const model = await loadLanguageModel(runtime, recipe.name, resumed?.model ?? initialFolder(recipe), true);
    const recipePath = args.positional(0) ?? `recipes/${recipe.name}.json`;
    return runLikelihood(runtime, model, {
      kind: 'pretrain',
      args,
      folder,
      resumed,
      settings: recipe,
      training: recipe,
      task,
      difficulty,
      card: {
        summary:
          `Trained from nothing on ${task.name}, on a corpus that imitates an unfiltered web: most ` +
          `documents answer at once and are often wrong, some think first, in English or Chinese. It is ` +
          `where reinforcement learning starts from.`,
        command: cliCommand('pretrain', recipePath, ...setOptions(args), '--out', basename(folder.path)),
      },
      textAt: (index) => corpusText(recipe, model.tokenizer, index),
    });
  },
};
