// Pretraining from nothing on a task's corpus: the base model that reinforcement learning starts from.
import * as v from 'valibot';
import type { ModelFolder } from '../../formats/huggingface/folder';
import { rng } from '../../lib/rng';
import { initialTensors } from '../../model/parameters';
import { PRESETS, type PresetName, presetModel } from '../../model/presets';
import { type CorpusDocument, corpusSettingsSchema, document } from '../../tasks/corpus';
import { completeDifficulty } from '../../tasks/difficulty';
import { getTask } from '../../tasks/registry';
import type { Split } from '../../tasks/split';
import { buildTokenizerJson } from '../../tokenizer/build';
import { createTokenizer, type Tokenizer } from '../../tokenizer/tokenizer';
import { type Sequence, sequenceFrom } from '../packing';
import { likelihoodSettings } from './likelihoodSettings';

/** A recipe file: everything that decides the weights, bit for bit on one device. */
export const pretrainRecipeSchema = v.strictObject({
  name: v.string(),
  preset: v.picklist(Object.keys(PRESETS) as PresetName[]),
  /** Overrides of the preset's config.json. */
  model: v.optional(v.record(v.string(), v.union([v.number(), v.boolean(), v.null()])), {}),
  task: v.string(),
  difficulty: v.optional(v.record(v.string(), v.number()), {}),
  corpus: v.optional(corpusSettingsSchema, {}),
  ...likelihoodSettings,
});

export type PretrainRecipe = v.InferOutput<typeof pretrainRecipeSchema>;

/** A recipe's model before its first step, with a vocabulary for its task or a given tokenizer. */
export function initialFolder(
  recipe: Pick<PretrainRecipe, 'preset' | 'model' | 'seed' | 'task'>,
  tokenizerJson: unknown = buildTokenizerJson([getTask(recipe.task)]),
): ModelFolder {
  const tokenizer = createTokenizer(tokenizerJson);
  const vocabSize = Math.ceil(tokenizer.vocabSize / 8) * 8;
  const description = presetModel(recipe.preset, vocabSize, {
    ...recipe.model,
    bos_token_id: tokenizer.bosId,
    eos_token_id: tokenizer.eosId,
    pad_token_id: tokenizer.padId,
  });
  const { architecture, initializerRange } = description;
  const tensors = initialTensors(architecture, initializerRange, recipe.seed);
  return { description, tensors, tokenizerJson, readme: undefined };
}

type CorpusRecipe = Pick<PretrainRecipe, 'task' | 'difficulty' | 'corpus' | 'seed'>;

/** Text number `index` of the recipe's corpus. */
export const corpusText = (recipe: CorpusRecipe, tokenizer: Tokenizer, index: number): Sequence =>
  textOf(tokenizer, corpusDocument(recipe, 'train', index));

/** As corpusText, on a problem that no training sees. */
export const heldOutText = (recipe: CorpusRecipe, tokenizer: Tokenizer, index: number): Sequence =>
  textOf(tokenizer, corpusDocument(recipe, 'held-out', index));

/** Document number `index` of the recipe's corpus; those that are held out are others. */
export function corpusDocument(
  { task: name, seed, ...recipe }: CorpusRecipe,
  split: Split,
  index: number,
): CorpusDocument {
  const task = getTask(name);
  const difficulty = completeDifficulty(task.dials, recipe.difficulty);
  const draw = rng(seed, 'corpus', index, split === 'train' ? 0 : 1);
  return document(task, difficulty, recipe.corpus, draw, split);
}

function textOf(tokenizer: Tokenizer, { question, completion }: CorpusDocument): Sequence {
  const ids = [...tokenizer.encodePrompt(question), ...tokenizer.encode(completion), tokenizer.eosId];
  return sequenceFrom(ids, 1);
}
