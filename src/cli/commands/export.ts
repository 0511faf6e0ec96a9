// `export MODEL`: a model as a zip or a folder that transformers, TRL and veRL load.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { folderTokenizer, missingTokenizerFiles } from '../../engine/languageModel';
import { writeDirectory } from '../../formats/huggingface/nodeDirectory';
import { streamFolder, writeFolder } from '../../formats/huggingface/writeFolder';
import { zipFolder } from '../../formats/huggingface/zipSource';
import type { Command } from '../command';
import { note } from '../console';
import { sizeOf } from '../diskFull';
import { checkOutputFolder, isFolder } from '../files';
import { holdFolder } from '../folderLock';
import { findModelFolder, readModel } from '../models';

/** By the names that config.json has for them; fp8 is its quant_method. */
const DTYPES = { float32: 'F32', float16: 'F16', bfloat16: 'BF16', fp8: 'fp8' } as const;

export const exportCommand: Command = {
  name: 'export',
  summary: 'Check a model and write it as a Hugging Face folder or a zip of one.',
  positionals: [{ name: 'MODEL', help: 'the model to export' }],
  options: {
    out: { value: 'PATH', help: 'a file ending in .zip, or a folder' },
    'max-shard-mb': { value: 'MB', help: 'most megabytes of a file of weights in a folder (default 5000)' },
    dtype: {
      value: 'T',
      help: 'type of the weights (default float32); fp8: as DeepSeek ships, matrices of layers in e4m3',
      oneOf: Object.keys(DTYPES),
    },
    force: { help: 'write into a folder that is not empty, or over a file' },
  },
  notes: 'Every file is read and checked. No graphics device is needed.',
  examples: ['export base --out base.zip', 'export runs/zero --dtype float16 --out exported/zero'],
  async run(args) {
    const out = args.required('out');
    const path = findModelFolder(args.positional(0) as string);
    const dtype = DTYPES[(args.text('dtype') ?? 'float32') as keyof typeof DTYPES];
    const maxShardBytes = args.number('max-shard-mb', 5000, { min: 1e-3 }) * 1e6;
    const isZip = out.toLowerCase().endsWith('.zip');
    const isTaken = existsSync(out) && (isZip || !isFolder(out) || readdirSync(out).length > 0);
    if (isTaken && !args.flag('force')) {
      throw args.usage(`${out} is there already.`, 'Choose another place, or add --force.');
    }
    checkOutputFolder(isZip ? dirname(out) : out);
    if (!isZip) holdFolder(out);
    const { folder } = await readModel(path);
    const extras =
      folder.tokenizerJson === undefined ? {} : missingTokenizerFiles(folder, folderTokenizer(path, folder));
    if (isZip) {
      const zip = zipFolder(await writeFolder(folder, extras, [], { dtype }), basename(resolve(path)));
      await writeDirectory(dirname(out), new Map([[basename(out), zip]]));
      note(`Wrote ${(zip.length / 1e6).toFixed(2)} MB to ${out}.`);
      return 0;
    }
    const files = streamFolder(folder, extras, [], { dtype, maxShardBytes });
    await writeDirectory(out, files);
    note(`Wrote ${files.size} files, ${(sizeOf(files.values()) / 1e6).toFixed(2)} MB, to ${out}.`);
    return 0;
  },
};
