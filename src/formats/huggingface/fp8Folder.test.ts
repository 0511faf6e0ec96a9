// FP8 as DeepSeek ships it, held against torch and transformers (reference/python/make_fp8.py).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrow, widen } from '../../lib/tensors/convert';
import { fp8Parts } from '../../lib/tensors/fp8';
import { dequantized } from '../../lib/tensors/quantized';
import { floatTensor, readFloats } from '../../lib/tensors/storedTensor';
import { bytesOf } from '../../lib/tensors/views';
import { fp8Tiles } from '../../reference/fp8';
import { referenceModel } from '../../reference/model';
import { expectClose, relativeL2 } from '../../testing/close';
import { loadFixture } from '../../testing/fixture';
import { countingModel, tiny } from '../../testing/modelFolders';
import { normalFloats } from '../../testing/numbers';
import { parseSafetensors } from '../safetensors/safetensors';
import { mapSource } from './fileSource';
import { directorySource } from './nodeDirectory';
import { readFolder } from './readFolder';
import { writeFolder } from './writeFolder';

const FIXTURES = new URL('../../testing/fixtures/', import.meta.url);
const TRUTH = JSON.parse(readFileSync(new URL('fp8.json', FIXTURES), 'utf8'));

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const floats = (bits: ArrayLike<number>) => new Float32Array(Uint32Array.from(bits).buffer);
const patterns = (count: number) => Array.from({ length: count }, (_, i) => Math.imul(i, 2654435761) >>> 0);
/** With exponents from 2⁻¹⁵ to 2⁹: about what E4M3 holds. */
const withinRange = (bits: number) => ((bits & 0x807fffff) | ((112 + (((bits >>> 23) & 0xff) % 25)) << 23)) >>> 0;

const readFp8 = () => readFolder(directorySource(fileURLToPath(new URL('deepseek_v3/', FIXTURES))));

describe('numbers of eight bits are those of torch', () => {
  it('every code', () => {
    const values = widen(
      'F8_E4M3',
      Uint8Array.from({ length: 256 }, (_, i) => i),
    );
    expect(values.filter(Number.isNaN)).toHaveLength(2);
    expect(digest(bytesOf(values.map((value) => (Number.isNaN(value) ? 0 : value))))).toBe(TRUTH.every_code);
  });

  it('100,000 numbers of every size, NaN and infinities among them', () => {
    const bits = patterns(50_000);
    expect(digest(narrow('F8_E4M3', floats([...bits, ...bits.map(withinRange)])))).toBe(TRUTH.rounded);
  });

  it('a matrix in blocks, and what transformers makes of it', async () => {
    const matrix = floats(patterns(256 * 384).map(withinRange));
    const { values, scales } = fp8Parts(floatTensor([256, 384], matrix), [256, 384]);
    expect(digest(await values.read())).toBe(TRUTH.matrix.codes);
    expect(digest(await scales.read())).toBe(TRUTH.matrix.scales);
    const back = dequantized({ shape: [256, 384], groupSize: 128, groupRows: 128, values, scales });
    expect(digest(await back.read())).toBe(TRUTH.matrix.dequantized);
  });
});

describe('a folder in DeepSeek’s form', () => {
  it('is written to the bit as torch writes it', async () => {
    const files = await writeFolder(await readFp8(), {}, [], { dtype: 'fp8' });
    const { tensors } = parseSafetensors(files.get('model.safetensors') as Uint8Array);
    const digests = [...tensors]
      .filter(([, { bytes }]) => bytes.length > 0)
      .map(([name, { bytes }]) => [name, digest(bytes)]);
    expect(Object.fromEntries(digests.sort())).toEqual(TRUTH.stored);
    const config = JSON.parse(new TextDecoder().decode(files.get('config.json')));
    expect(config.quantization_config).toEqual({
      ...{ activation_scheme: 'dynamic', fmt: 'e4m3', quant_method: 'fp8', weight_block_size: [128, 128] },
    });
    expect(config.dtype).toBe('bfloat16');
  });

  it('gives transformers’ logits', async () => {
    const files = await writeFolder(await readFp8(), {}, [], { dtype: 'fp8' });
    const { description, tensors } = await readFolder(mapSource('fp8', files));
    const weights = new Map<string, Float32Array>();
    for (const [name, tensor] of tensors) weights.set(name, await readFloats(tensor));
    const fixture = loadFixture('deepseek_v3');
    const ids = fixture.tensor('input_ids').slice(0, 24);
    const { logits } = referenceModel(description.architecture, weights, ids, new Float64Array(24));
    const bytes = Buffer.from(TRUTH.logits, 'base64');
    const expected = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    expectClose(logits, expected, { relative: 1e-5, because: 'f32 sums in transformers' });
    const unrounded = referenceModel(description.architecture, fixture.weights, ids, new Float64Array(24)).logits;
    expect(relativeL2(unrounded, expected)).toBeGreaterThan(1e-3);
  });

  it('keeps matrices whose last block would be cut in bfloat16, and says so', async () => {
    const dense = countingModel(tiny({ first_k_dense_replace: 1, intermediate_size: 192 }));
    const files = await writeFolder(dense, {}, [], { dtype: 'fp8' });
    const config = JSON.parse(new TextDecoder().decode(files.get('config.json')));
    const kept = ['down', 'gate', 'up'].map((name) => `model.layers.0.mlp.${name}_proj`);
    expect(config.quantization_config.modules_to_not_convert.sort()).toEqual(kept);
    const { tensors } = parseSafetensors(files.get('model.safetensors') as Uint8Array);
    for (const name of kept) {
      expect(tensors.get(`${name}.weight`)?.dtype).toBe('BF16');
      expect(tensors.has(`${name}.weight_scale_inv`)).toBe(false);
    }
  });

  it('is refused without a matrix’s scales', async () => {
    const files = new Map(await writeFolder(await readFp8(), {}, [], { dtype: 'fp8' }));
    const bytes = files.get('model.safetensors') as Uint8Array;
    const renamed = new TextDecoder('latin1')
      .decode(bytes)
      .replace('q_proj.weight_scale_inv', 'q_proj.weight_scale_out');
    files.set(
      'model.safetensors',
      Uint8Array.from(renamed, (letter) => letter.charCodeAt(0)),
    );
    await expect(readFolder(mapSource('fp8', files))).rejects.toThrow(/q_proj\.weight_scale_inv.*missing/);
  });
});

it('blocks at the edges are smaller, and any range is what the whole is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 300 }),
      fc.nat(),
      async (rows, columns, cut) => {
        const data = normalFloats(rows * columns, cut);
        const { values, scales } = fp8Parts(floatTensor([rows, columns], data), [rows, columns]);
        const back = dequantized({ shape: [rows, columns], groupSize: 128, groupRows: 128, values, scales });
        const expected = fp8Tiles(data, { rows, width: columns }, { rows: 128, columns: 128 });
        const all = await readFloats(back);
        expectClose(all, expected, { absolute: 0, because: 'the same numbers' });
        const start = cut % (rows * columns);
        const part = widen('F32', await back.read({ start, end: rows * columns }));
        expect(part).toEqual(all.slice(start));
      },
    ),
    { numRuns: 20 },
  );
});
