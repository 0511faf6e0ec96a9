// The reader refuses every malformed file with a typed error and reads every well-formed one; written files read back.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../lib/tensors/views';
import { HOSTILE_FILES, rawFile } from '../../testing/fixtures/hostileSafetensors';
import { computedMs } from '../../testing/machineLoad';
import { LIMITS, parseSafetensors, type RawTensor, readSafetensorsHeader } from './safetensors';
import { SafetensorsError } from './safetensorsError';
import { tensorValues } from './safetensorsValues';
import { writeSafetensors } from './writeSafetensors';

const FIXTURE = new Uint8Array(
  readFileSync(new URL('../../testing/fixtures/deepseek_v3/model.safetensors', import.meta.url)),
);

/** The code of the file's refusal, or undefined when it is good. Any other error is thrown. */
function refusal(file: Uint8Array): string | undefined {
  try {
    parseSafetensors(file);
    return undefined;
  } catch (error) {
    if (error instanceof SafetensorsError) return error.fault;
    throw error;
  }
}

/** As `refusal`, of a file of which ranges are read, none of them outside of it. */
async function rangedRefusal(bytes: Uint8Array): Promise<string | undefined> {
  const read = async (start: number, end: number) => {
    expect(start).toBeLessThanOrEqual(end);
    expect(end).toBeLessThanOrEqual(bytes.length);
    return bytes.subarray(start, end);
  };
  try {
    await readSafetensorsHeader({ name: 'model.safetensors', size: bytes.length, read });
    return undefined;
  } catch (error) {
    if (error instanceof SafetensorsError) return error.fault;
    throw error;
  }
}

describe('hostile files', () => {
  it.each(HOSTILE_FILES)('refuses %s, whole or by its header', async (_description, file, code) => {
    expect(refusal(file)).toBe(code);
    expect(await rangedRefusal(file)).toBe(code);
  });

  it('refuses more tensors than the limit', () => {
    const entries = Array.from(
      { length: LIMITS.tensors + 1 },
      (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`,
    );
    expect(refusal(rawFile(`{${entries.join(',')}}`))).toBe('too_many_tensors');
  });

  it('reads a header string of 20 MB in bounded time and stack', () => {
    const escaped = '\\n'.repeat(10_000_000);
    const startMs = computedMs();
    expect(refusal(rawFile(`{"__metadata__":{"note":"${escaped}"}}`))).toBeUndefined();
    expect(computedMs() - startMs).toBeLessThan(10_000);
  });

  it('names the file and the tensor at fault', () => {
    const file = rawFile('{"a.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 4);
    expect(() => parseSafetensors(file, 'part-2.safetensors')).toThrow(
      expect.objectContaining({ tensor: 'a.weight', userMessage: expect.stringContaining('part-2.safetensors') }),
    );
  });
});

describe('well-formed files', () => {
  const good: [string, Uint8Array, number][] = [
    ['no tensors', rawFile('{}'), 0],
    ['padding spaces', rawFile('{}      '), 0],
    ['white space inside the header', rawFile('{ "w" :\n{"dtype":"U8","shape":[ 1 ],\t"data_offsets":[0,1]} }', 1), 1],
    ['a scalar', rawFile('{"w":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}', 4), 1],
    [
      'empty tensors that share an offset',
      rawFile(
        '{"a":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},"b":{"dtype":"F32","shape":[4,0],"data_offsets":[0,0]}}',
      ),
      2,
    ],
    [
      'tensors listed out of order',
      rawFile(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}',
        4,
      ),
      2,
    ],
    [
      'names with dots, spaces and other scripts',
      rawFile('{"模型 weight.é":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
      1,
    ],
  ];
  it.each(good)('reads %s', (_description, file, count) => {
    expect(parseSafetensors(file).tensors.size).toBe(count);
  });

  it('reads a file that transformers wrote', () => {
    const { tensors, metadata } = parseSafetensors(FIXTURE);
    expect(tensors.size).toBe(49);
    expect(metadata.get('format')).toBe('pt');
    const embedding = tensors.get('model.embed_tokens.weight') as RawTensor;
    expect(embedding.shape).toEqual([67, 32]);
    expect(tensorValues(embedding)).toHaveLength(67 * 32);
  });

  it('finds each tensor by the header alone, in the order of the file', async () => {
    const read = async (start: number, end: number) => FIXTURE.subarray(start, end);
    const { places } = await readSafetensorsHeader({ name: 'model.safetensors', size: FIXTURE.length, read });
    let covered: number | undefined;
    for (const [name, { begin, end, dtype, shape }] of places) {
      const tensor = parseSafetensors(FIXTURE).tensors.get(name);
      expect({ dtype, shape, bytes: FIXTURE.subarray(begin, end) }).toEqual(tensor);
      expect(begin).toBe(covered ?? begin);
      covered = end;
    }
    expect(places.size).toBe(49);
    expect(covered).toBe(FIXTURE.length);
  });

  it('writes back the tensors that transformers wrote, bit for bit', () => {
    const { tensors } = parseSafetensors(FIXTURE);
    const again = parseSafetensors(writeSafetensors(tensors));
    expect([...again.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, tensor] of tensors) expect(again.tensors.get(name)).toEqual(tensor);
  });
});

describe('values', () => {
  const stored = (dtype: RawTensor['dtype'], bytes: number[]): RawTensor => ({
    dtype,
    shape: [],
    bytes: Uint8Array.from(bytes),
  });

  it.each([
    ['1', 0x3c00, 1],
    ['−2', 0xc000, -2],
    ['the largest half', 0x7bff, 65504],
    ['the smallest normal', 0x0400, 2 ** -14],
    ['the smallest subnormal', 0x0001, 2 ** -24],
    ['the largest subnormal', 0x03ff, 1023 * 2 ** -24],
    ['minus zero', 0x8000, -0],
    ['infinity', 0x7c00, Number.POSITIVE_INFINITY],
    ['minus infinity', 0xfc00, Number.NEGATIVE_INFINITY],
    ['not a number', 0x7e01, Number.NaN],
    ['a third', 0x3555, 0.333251953125],
  ])('widens the half %s', (_name, bits, expected) => {
    expect(tensorValues(stored('F16', [bits & 255, bits >> 8]))[0]).toBe(expected);
  });

  it('widens bfloat16 by its upper sixteen bits', () => {
    expect(tensorValues(stored('BF16', [0x80, 0x3f, 0x49, 0xc0]))).toEqual(Float32Array.of(1, -3.140625));
  });

  it('reads integers as the typed array of their type, also where the file does not align them', () => {
    const file = writeSafetensors(
      [
        ['flag', stored('BOOL', [1])],
        ['ids', stored('I64', [255, 255, 255, 255, 255, 255, 255, 255])],
        ['count', stored('I32', [0, 0, 0, 128])],
      ].map(([name, tensor]) => [name as string, { ...(tensor as RawTensor), shape: [1] }] as const),
    );
    const { tensors } = parseSafetensors(file);
    expect(tensorValues(tensors.get('ids') as RawTensor)).toEqual(BigInt64Array.of(-1n));
    expect(tensorValues(tensors.get('count') as RawTensor)).toEqual(Int32Array.of(-(2 ** 31)));
  });

  it('widens eight-bit floats of the kind that weights have, and refuses the others', () => {
    expect(tensorValues(stored('F8_E4M3', [0x38, 0x7e]))).toEqual(Float32Array.of(1, 448));
    for (const dtype of ['F8_E5M2', 'F8_E8M0', 'C64'] as const) {
      expect(() => tensorValues(stored(dtype, [0]), 'w')).toThrow(
        expect.objectContaining({ fault: 'unreadable_type', tensor: 'w' }),
      );
    }
  });
});

describe('properties', () => {
  const tensor = fc
    .array(fc.float({ noNaN: false }), { maxLength: 20 })
    .map((values): [readonly number[], Float32Array] => [[values.length], Float32Array.from(values)]);
  const name = fc
    .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text) && !text.startsWith('__'));

  it('whatever is written reads back, and its data starts at a multiple of 8', () => {
    fc.assert(
      fc.property(fc.dictionary(name, tensor), (dictionary) => {
        const written = Object.entries(dictionary).map(
          ([key, [shape, data]]) => [key, { dtype: 'F32', shape, bytes: bytesOf(data) } as const] as const,
        );
        const file = writeSafetensors(written);
        expect(new DataView(file.buffer).getUint32(0, true) % 8).toBe(0);
        const { tensors } = parseSafetensors(file);
        expect(tensors.size).toBe(written.length);
        for (const [key, { shape, bytes }] of written) {
          expect(tensors.get(key)?.shape).toEqual(shape);
          expect(tensors.get(key)?.bytes).toEqual(bytes);
        }
      }),
    );
  });

  it('a damaged file gives a typed error or well-formed tensors, never another error', () => {
    const small = FIXTURE.slice(0, 8 + 5224);
    const damage = fc.array(fc.record({ at: fc.nat(small.length - 1), value: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(damage, fc.nat(small.length), (edits, length) => {
        const file = small.slice(0, Math.max(length, 8));
        for (const { at, value } of edits) if (at < file.length) file[at] = value;
        refusal(file);
      }),
      { numRuns: 500 },
    );
  });

  it('random header text gives a typed error or well-formed tensors, never another error', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      'w',
      '"w"',
      '"dtype"',
      '"F32"',
      '"shape"',
      '"data_offsets"',
      '0',
      '4',
      '1',
      '-',
      '.',
      'e',
      ' ',
      '\u0000',
      '"__metadata__"',
      'null',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.nat(16), (pieces, dataBytes) => {
        refusal(rawFile(`{${pieces.join('')}`, dataBytes));
      }),
      { numRuns: 2000 },
    );
  });
});
