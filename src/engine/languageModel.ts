// A model ready to be used: its weights on a device and its tokenizer.
import type { ModelFolder } from '../formats/huggingface/folder';
import { DEFAULT_GENERATION, type GenerationSettings } from '../formats/huggingface/generationConfig';
import { chatTemplateOf, TOKENIZER_CONFIG, tokenRoles } from '../formats/huggingface/tokenRoles';
import { type FolderFiles, type StreamedFiles, streamFolder, writeFolder } from '../formats/huggingface/writeFolder';
import { SoliloquyError } from '../lib/errors';
import type { Architecture } from '../model/architecture';
import { Weights } from '../model/weights';
import { tokenizerFiles } from '../tokenizer/files';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import type { SamplingOptions } from './generateRequest';
import type { Runtime } from './runtime';

export interface LanguageModel {
  readonly name: string;
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
  /** What it was loaded from, for writing it out again with new weights. */
  readonly folder: ModelFolder;
  /** How it answers unless told otherwise: as its folder says, until training measures it in another way. */
  generation: GenerationSettings;
}

/** How the model answers, but for what is told here. */
export function samplingOf(model: LanguageModel, told: Partial<GenerationSettings> = {}): SamplingOptions {
  const { generation, tokenizer } = model;
  return { ...generation, ...told, endTokens: tokenizer.endTokens, numTokens: tokenizer.vocabSize };
}

/** As transformers has it. */
const MAX_SHARD_BYTES = 5e9;

/** A folder that is a model but cannot talk. */
export class LanguageModelError extends SoliloquyError {
  readonly code = 'wrong_tokenizer';
}

/** A reward model where one that writes is needed, or the other way round. */
export class ModelKindError extends SoliloquyError {
  readonly code = 'wrong_head';
}

/** The tokenizer of a folder. Throws LanguageModelError or TokenizerFormatError where it has none that fits its model. */
export function folderTokenizer(name: string, folder: ModelFolder): Tokenizer {
  if (folder.tokenizerJson === undefined) {
    throw new LanguageModelError(
      `${name}: there is no tokenizer.json.`,
      'Add the tokenizer.json that the model was trained with.',
    );
  }
  const tokenizer = createTokenizer(folder.tokenizerJson, tokenRoles(folder), chatTemplateOf(folder));
  const { vocabulary } = folder.description.architecture;
  if (tokenizer.vocabSize > vocabulary) {
    const found = `${tokenizer.vocabSize} tokens in tokenizer.json, vocab_size ${vocabulary} in config.json`;
    throw new LanguageModelError(`${name}: ${found}.`, 'Use the tokenizer that the model was trained with.');
  }
  // A template that cannot be used is told now, not at the first question.
  tokenizer.encodePrompt('');
  return tokenizer;
}

/**
 * Puts a folder's model on the device, ready to be trained if asked.
 * @throws what folderTokenizer throws; ModelKindError for a reward model; DeviceTooSmallError or OutOfMemoryError.
 */
export async function loadLanguageModel(
  runtime: Runtime,
  name: string,
  folder: ModelFolder,
  isTrained: boolean,
): Promise<LanguageModel> {
  if (folder.description.architecture.isGrader) {
    throw new ModelKindError(
      `${name} is a reward model: it grades answers and writes none.`,
      'Choose a model that writes, or give this one to GRPO as its reward_model.',
    );
  }
  return loadModel(runtime, name, folder, isTrained);
}

/** As loadLanguageModel, of a model that grades texts. Throws ModelKindError for one that writes. */
export async function loadRewardModel(
  runtime: Runtime,
  name: string,
  folder: ModelFolder,
  isTrained: boolean,
): Promise<LanguageModel> {
  if (!folder.description.architecture.isGrader) {
    throw new ModelKindError(
      `${name} is no reward model: its head predicts tokens.`,
      'Train a reward model on pairs first, by the command reward-model.',
    );
  }
  return loadModel(runtime, name, folder, isTrained);
}

async function loadModel(
  runtime: Runtime,
  name: string,
  folder: ModelFolder,
  isTrained: boolean,
): Promise<LanguageModel> {
  const tokenizer = folderTokenizer(name, folder);
  const { description, generation = DEFAULT_GENERATION } = folder;
  const { architecture } = description;
  const weights = await Weights.upload(runtime.device, architecture, folder.tensors, isTrained);
  return { name, architecture, weights, tokenizer, folder, generation };
}

/** The folder again, with the weights as they are on the device now. */
export async function toFolder(runtime: Runtime, model: LanguageModel): Promise<ModelFolder> {
  const { folder, generation } = model;
  return { ...folder, generation, tensors: await model.weights.read(runtime.readback) };
}

/** The tokenizer's files that transformers needs, where the folder has no tokenizer_config.json: those it did not bring. */
export function missingTokenizerFiles({ carriedFiles }: ModelFolder, tokenizer: Tokenizer): Record<string, string> {
  if (carriedFiles?.has(TOKENIZER_CONFIG)) return {};
  return Object.fromEntries(Object.entries(tokenizerFiles(tokenizer)).filter(([name]) => !carriedFiles?.has(name)));
}

/** As modelFiles, with weights that are read from the device when they are written: as they are then. */
export function streamModelFiles(runtime: Runtime, model: LanguageModel, readme?: string): StreamedFiles {
  const tensors = model.weights.stored(runtime.readback);
  const folder = { ...model.folder, generation: model.generation, tensors };
  return streamFolder(folder, modelExtras(model, readme), model.tokenizer.endTokens, {
    maxShardBytes: MAX_SHARD_BYTES,
  });
}

/** The files of the model's folder, with the weights as they are on the device now; `readme` is its model card. */
export async function modelFiles(runtime: Runtime, model: LanguageModel, readme?: string): Promise<FolderFiles> {
  const folder = await toFolder(runtime, model);
  return writeFolder(folder, modelExtras(model, readme), model.tokenizer.endTokens);
}

function modelExtras({ folder, tokenizer }: LanguageModel, readme: string | undefined): Record<string, string> {
  return { ...missingTokenizerFiles(folder, tokenizer), ...(readme !== undefined && { 'README.md': readme }) };
}

/** Whether a token means the same to both. */
export function haveSameTokens(one: LanguageModel, other: LanguageModel): boolean {
  return (
    one.architecture.vocabulary === other.architecture.vocabulary &&
    JSON.stringify(one.tokenizer.tokenizerJson) === JSON.stringify(other.tokenizer.tokenizerJson)
  );
}
