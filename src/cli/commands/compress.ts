// `compress FILE` and `decompress FILE`: a language model as a compressor.
import { readFileSync, writeFileSync } from 'node:fs';
import { Compressor } from '../../engine/compression/compressor';
import { loadLanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { type Command, UsageError } from '../command';
import { note, Progress, printLine } from '../console';
import { writeGiven } from '../files';
import { type HeldOutTable, packHeldOut } from '../heldOutCompression';
import { INTERRUPTED, listenForInterrupt } from '../interrupt';
import { readModel } from '../models';
import { type OtherSizes, otherSizes } from '../otherCompressors';
import { DEVICE_OPTION, openNodeRuntime } from '../runtime';

const DEFAULT_MODEL = 'wide-base';

const MODEL_OPTION = { value: 'MODEL', help: `the model whose expectations decide (default: ${DEFAULT_MODEL})` };

export const compressCommand: Command = {
  name: 'compress',
  summary: 'Pack a text by what a model expects, beside gzip, brotli and zstd.',
  positionals: [{ name: '[FILE]', help: 'what to pack; left out with --held-out' }],
  options: {
    ...DEVICE_OPTION,
    model: { ...MODEL_OPTION, multiple: true },
    out: {
      value: 'F',
      help: 'where the packed file goes (default: FILE.slq); with --held-out: the texts, a line each',
    },
    lines: { help: 'each line is a text of its own, as those are that the models of this project learned from' },
    'held-out': {
      value: 'N',
      help: 'instead of FILE: pack and unpack N held-out texts, one by one, and print a table',
    },
    recipe: { value: 'RECIPE', help: 'with --held-out: the recipe whose corpus they are of' },
    json: { help: 'print one JSON object' },
  },
  notes:
    'An arithmetic coder (Witten, Neal & Cleary 1987) over the probabilities of the model, a token a step; what has no token\n' +
    'is packed byte by byte. The file opens with the very same weights alone, and where the device computes the same bits.\n' +
    'A model is worth it where the text is of the kind that it learned from; its own size is not counted.',
  examples: [
    'compress notes.txt --model wide-base --out notes.slq --lines',
    'compress --held-out 1000 --recipe recipes/base.json --model base --json',
  ],
  async run(args) {
    const models = args.list('model');
    if (args.isGiven('held-out')) {
      const count = args.integer('held-out', 1000, { min: 1, max: 100_000 });
      const runtime = await openNodeRuntime(args);
      const table = await packHeldOut(
        runtime,
        models.length > 0 ? models : ['base'],
        args.required('recipe'),
        count,
        args.text('out'),
      );
      if (args.flag('json')) printLine(JSON.stringify(table));
      else printTable(table);
      return 0;
    }
    const path = args.positional(0);
    if (path === undefined) throw args.usage('FILE is missing.', 'Give a file, or --held-out.');
    const [model = DEFAULT_MODEL, second] = models;
    if (second !== undefined) throw args.usage('--model is given twice.', 'A file is packed by one model.');
    const out = args.text('out') ?? `${path}.slq`;
    const bytes = readBytes(path);
    const runtime = await openNodeRuntime(args);
    return withCompressor(runtime, model, async (compressor, hooks) => {
      const file = await compressor.compress(bytes, args.flag('lines'), hooks);
      writeGiven(out, () => writeFileSync(out, file));
      const sizes = { original: bytes.length, packed: file.length, ...otherSizes(bytes) };
      if (args.flag('json')) printLine(JSON.stringify({ file: out, model, ...sizes }));
      else printSizes(sizes);
      note(`Saved ${out}. Unpack it with: npm run cli -- decompress ${out} --model ${model} --out FILE`);
    });
  },
};

export const decompressCommand: Command = {
  name: 'decompress',
  summary: 'Unpack what compress packed, with the same model: the same bytes, or an error.',
  positionals: [{ name: 'FILE', help: 'a file that compress made' }],
  options: { ...DEVICE_OPTION, model: MODEL_OPTION, out: { value: 'G', help: 'where the text goes' } },
  examples: ['decompress notes.slq --model wide-base --out notes.txt'],
  async run(args) {
    const bytes = readBytes(args.positional(0) as string);
    const out = args.required('out');
    const runtime = await openNodeRuntime(args);
    return withCompressor(runtime, args.text('model') ?? DEFAULT_MODEL, async (compressor, hooks) => {
      const text = await compressor.decompress(bytes, hooks);
      writeGiven(out, () => writeFileSync(out, text));
      note(`Saved ${text.length} bytes in ${out}; they are those that were packed (CRC-32).`);
    });
  },
};

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError(`${path} cannot be read (${(cause as Error).message}).`, 'Give a file.', { cause });
  }
}

type Hooks = NonNullable<Parameters<Compressor['compress']>[2]>;

/** Runs `work` with the model as a compressor, until Ctrl-C; returns the exit code. */
async function withCompressor(
  runtime: Runtime,
  name: string,
  work: (compressor: Compressor, hooks: Hooks) => Promise<void>,
): Promise<number> {
  const { folder } = await readModel(name);
  const compressor = await Compressor.create(runtime, await loadLanguageModel(runtime, name, folder, false));
  const interrupt = listenForInterrupt('nothing is written');
  const controller = new AbortController();
  let progress: Progress | undefined;
  const onPiece: Hooks['onPiece'] = (_, done, total) => {
    if (interrupt.isRequested) controller.abort();
    progress ??= new Progress('tokens', total, 'pieces');
    progress.update(done);
  };
  try {
    await work(compressor, { onPiece, signal: controller.signal });
    return 0;
  } catch (error) {
    if (controller.signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    progress?.end();
    compressor.destroy();
  }
}

function printSizes({ original, packed, ...others }: OtherSizes & { original: number; packed: number }): void {
  const row = (name: string, size: number | null) =>
    printLine(
      size === null ? `| ${name} | not in this Node | |` : `| ${name} | ${size} | ${perByte(size, original)} |`,
    );
  printLine('| | bytes | bits a byte |\n|---|---|---|');
  row('original', original);
  row('this model, its file', packed);
  for (const [name, size] of Object.entries(others)) row(name, size);
}

const perByte = (size: number, original: number) => ((8 * size) / Math.max(1, original)).toFixed(3);

function printTable({ texts, bytes, models, alone, together }: HeldOutTable): void {
  const cell = (value: number | null) => (value === null ? 'not in this Node' : value.toFixed(3));
  printLine(`${texts} held-out texts, ${bytes} bytes, bits a byte\n`);
  printLine('| | each text alone | with heads | all in one file |\n|---|---|---|---|');
  for (const { model, bitsPerByte, bitsPerByteOfFiles } of models) {
    printLine(`| ${model} | ${cell(bitsPerByte)} | ${cell(bitsPerByteOfFiles)} | |`);
  }
  for (const name of ['gzip', 'brotli', 'zstd'] as const) {
    printLine(`| ${name} | | ${cell(alone[name])} | ${cell(together[name])} |`);
  }
  printLine(`| DEFLATE after 32 KiB of training texts | ${cell(alone.warmDeflate)} | | |`);
}
