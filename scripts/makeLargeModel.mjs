// Writes a folder of a model that is too large for JavaScript's memory: deepseek_v3 in bfloat16 shards, its weights random.
//   node scripts/makeLargeModel.mjs OUT [--gb 2] [--shard-mb 500]
// It answers nothing sensible; it is there to be loaded, with scripts/peakMemory.mjs to see what that takes.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { root } from './stale.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { gb: { type: 'string', default: '2' }, 'shard-mb': { type: 'string', default: '500' } },
});
const [out] = positionals;
const [gb, shardMb] = [Number(values.gb), Number(values['shard-mb'])];
if (out === undefined || !(gb > 0) || !(shardMb > 0)) {
  process.stderr.write('Usage: node scripts/makeLargeModel.mjs OUT [--gb 2] [--shard-mb 500]\n');
  process.exit(2);
}

/** @param {string} path of a module in src/ */
const load = async (path) => (await runnerImport(join(root, 'src', path), { root, logLevel: 'error' })).module;
const { presetModel } = await load('model/presets.ts');
const { countParameters, parameterShapes } = await load('model/parameterShapes.ts');
const { streamFolder } = await load('formats/huggingface/writeFolder.ts');
const { writeDirectory } = await load('formats/huggingface/nodeDirectory.ts');
const { buildTokenizerJson } = await load('tokenizer/build.ts');
const { createTokenizer } = await load('tokenizer/tokenizer.ts');
const { getTask } = await load('tasks/registry.ts');

const tokenizerJson = buildTokenizerJson([getTask('chained_sums')]);
const tokenizer = createTokenizer(tokenizerJson);
/** Layers of some 28 million parameters each. @param {number} layers */
const modelOf = (layers) =>
  presetModel('micro', Math.ceil(tokenizer.vocabSize / 8) * 8, {
    hidden_size: 1024,
    intermediate_size: 1024,
    moe_intermediate_size: 512,
    num_hidden_layers: layers,
    num_attention_heads: 16,
    n_routed_experts: 16,
    kv_lora_rank: 256,
    eos_token_id: tokenizer.eosId,
  });
const BYTES = 2;
const perLayer = countParameters(modelOf(3).architecture).total - countParameters(modelOf(2).architecture).total;
// The first layer is dense, and smaller.
const description = modelOf(1 + Math.ceil((gb * 1e9) / BYTES / perLayer));

/** Random numbers near ±1/64, of which every tensor takes its own from another place on: bits of bfloat16. */
const BLOCK = new Uint16Array(2 ** 20 + 7);
for (let i = 0; i < BLOCK.length; i++) {
  const hash = Math.imul(i + 1, 0x9e3779b1);
  // Sign and fraction of a hash, and the exponent of 1/64.
  BLOCK[i] = ((hash ^ (hash >>> 13)) & 0x807f) | ((127 - 6) << 7);
}

/** @param {number} seed @param {readonly number[]} shape */
function randomTensor(seed, shape) {
  const size = shape.reduce((product, length) => product * length, 1);
  const read = async ({ start, end } = { start: 0, end: size }) => {
    const halves = new Uint16Array(end - start);
    let filled = 0;
    while (filled < halves.length) {
      const from = (start + filled + seed * 7919) % BLOCK.length;
      const part = BLOCK.subarray(from, from + halves.length - filled);
      halves.set(part, filled);
      filled += part.length;
    }
    return new Uint8Array(halves.buffer);
  };
  return { dtype: 'BF16', shape, read };
}

const tensors = new Map(
  [...parameterShapes(description.architecture)].map(([name, shape], i) => [name, randomTensor(i, shape)]),
);
const folder = { description, tensors, tokenizerJson, readme: undefined };
const files = streamFolder(folder, {}, [], { dtype: 'BF16', maxShardBytes: shardMb * 1e6 });
await writeDirectory(out, files);
const { total } = countParameters(description.architecture);
process.stdout.write(`${out}: ${files.size} files, ${(total / 1e9).toFixed(2)} billion parameters\n`);
process.exit(0);
