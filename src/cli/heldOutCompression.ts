// Held-out texts packed and unpacked by models, one text at a time, beside compressors without a language model.
import { writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { Compressor } from '../engine/compression/compressor';
import { readPackedFile } from '../engine/compression/packedFile';
import { loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { parseJson } from '../lib/json';
import { corpusSettingsSchema } from '../tasks/corpus';
import { corpusDocument } from '../trainer/texts/pretrain';
import { UsageError } from './command';
import { Progress } from './console';
import { readTextFile, writeGiven } from './files';
import { readModel } from './models';
import { DICTIONARY_BYTES, type OtherSizes, otherSizes, warmDeflate } from './otherCompressors';
import { parseSettings } from './settings';

/** What of a recipe says which texts there are, be it one of `pretrain` or of `scaling`. */
const corpusSchema = v.object({
  task: v.string(),
  difficulty: v.optional(v.record(v.string(), v.number()), {}),
  corpus: v.optional(corpusSettingsSchema, {}),
  seed: v.number(),
});

/** Of all texts together, in bits a byte of text. */
export interface PackedBy {
  readonly model: string;
  /** Of what the coder writes, and of whole files with their heads. */
  readonly bitsPerByte: number;
  readonly bitsPerByteOfFiles: number;
  /** Texts that came out as they went in: all of them, or the program fails. */
  readonly same: number;
  readonly seconds: number;
}

export interface HeldOutTable {
  readonly texts: number;
  readonly bytes: number;
  readonly models: readonly PackedBy[];
  /** Each text by itself, in bits a byte; DEFLATE also after 32 KiB of training texts. */
  readonly alone: Readonly<Record<keyof OtherSizes | 'warmDeflate', number | null>>;
  /** All texts in one file, a line each. */
  readonly together: Readonly<Record<keyof OtherSizes, number | null>>;
}

const encoder = new TextEncoder();

/** @param recipePath of the corpus. @param out where the texts are written to, a line each. Throws UsageError. */
export async function packHeldOut(
  runtime: Runtime,
  names: readonly string[],
  recipePath: string,
  count: number,
  out?: string,
): Promise<HeldOutTable> {
  const text = readTextFile(recipePath, 'Give a recipe such as recipes/base.json.');
  const corpus = parseSettings(corpusSchema, parseJson(text), recipePath);
  const textOf = (split: 'train' | 'held-out', index: number) => {
    const { question, completion } = corpusDocument(corpus, split, index);
    return question + completion;
  };
  const texts = Array.from({ length: count }, (_, i) => encoder.encode(textOf('held-out', i)));
  const bytes = texts.reduce((sum, one) => sum + one.length, 0);
  const models: PackedBy[] = [];
  for (const name of names) models.push(await packAll(runtime, name, texts, bytes));
  let known = '';
  for (let i = 0; known.length < DICTIONARY_BYTES; i++) known += `${textOf('train', i)}\n`;
  const dictionary = encoder.encode(known).slice(-DICTIONARY_BYTES);
  const all = encoder.encode(texts.map((one) => new TextDecoder().decode(one)).join('\n'));
  if (out !== undefined) writeGiven(out, () => writeFileSync(out, all));
  const apart = texts.map(otherSizes);
  const rate = (sizes: readonly (number | null)[], of: number) =>
    sizes.some((size) => size === null) ? null : (8 * sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)) / of;
  const ratesOf = (sizes: readonly OtherSizes[], of: number) => ({
    gzip: rate(
      sizes.map(({ gzip }) => gzip),
      of,
    ),
    brotli: rate(
      sizes.map(({ brotli }) => brotli),
      of,
    ),
    zstd: rate(
      sizes.map(({ zstd }) => zstd),
      of,
    ),
  });
  return {
    texts: count,
    bytes,
    models,
    alone: {
      ...ratesOf(apart, bytes),
      warmDeflate: rate(
        texts.map((one) => warmDeflate(one, dictionary)),
        bytes,
      ),
    },
    together: ratesOf([otherSizes(all)], all.length),
  };
}

async function packAll(runtime: Runtime, name: string, texts: readonly Uint8Array[], bytes: number): Promise<PackedBy> {
  const startMs = performance.now();
  const { folder } = await readModel(name);
  const model = await loadLanguageModel(runtime, name, folder, false);
  const compressor = await Compressor.create(runtime, model);
  const progress = new Progress(`packing by ${name}`, texts.length, 'texts');
  let [coded, files, same] = [0, 0, 0];
  for (const text of texts) {
    const file = await compressor.compress(text, false);
    const back = await compressor.decompress(file);
    if (back.length !== text.length || back.some((byte, i) => byte !== text[i])) {
      throw new UsageError(`${name} did not give back text ${same + 1} as it was.`, 'Please report it.');
    }
    coded += readPackedFile(file).payload.length;
    files += file.length;
    progress.update(++same);
  }
  progress.end();
  compressor.destroy();
  model.weights.destroy();
  return {
    model: name,
    bitsPerByte: (8 * coded) / bytes,
    bitsPerByteOfFiles: (8 * files) / bytes,
    same,
    seconds: (performance.now() - startMs) / 1000,
  };
}
