// Widening and narrowing, on every value of eight and sixteen bits, and rounding against an oracle that knows no bits.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNotFinite, narrow, widen } from './convert';
import type { FloatDtype } from './dtype';
import { bytesOf } from './views';

const SMALL = ['F16', 'BF16', 'F8_E4M3'] as const;
type Small = (typeof SMALL)[number];
const WIDTH: Record<Small, 1 | 2> = { F16: 2, BF16: 2, F8_E4M3: 1 };

/** The bytes of every value of a type, in the order of its bits. */
function everyValue(dtype: Small): Uint8Array {
  if (WIDTH[dtype] === 1) return Uint8Array.from({ length: 256 }, (_, i) => i);
  return bytesOf(Uint16Array.from({ length: 65536 }, (_, i) => i));
}

/** Exponent bias and fraction bits, by the formats' definitions. */
const FORM: Record<Small, { bias: number; exponentBits: number; fractionBits: number }> = {
  F16: { bias: 15, exponentBits: 5, fractionBits: 10 },
  BF16: { bias: 127, exponentBits: 8, fractionBits: 7 },
  F8_E4M3: { bias: 7, exponentBits: 4, fractionBits: 3 },
};

/** The value of bits, by the definition: (−1)ˢ · 2^(e − bias) · 1.f, without the one where e is 0. */
function meaningOf(dtype: Small, bits: number): number {
  const { bias, exponentBits, fractionBits } = FORM[dtype];
  const sign = bits >>> (exponentBits + fractionBits) ? -1 : 1;
  const exponent = (bits >>> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const isTop = exponent === 2 ** exponentBits - 1;
  if (dtype === 'F8_E4M3' ? isTop && fraction === 7 / 8 : isTop && fraction > 0) return Number.NaN;
  if (isTop && dtype !== 'F8_E4M3') return sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

describe.each(SMALL)('%s', (dtype) => {
  const bytes = everyValue(dtype);
  const values = widen(dtype, bytes);
  const finite = [...values].filter(Number.isFinite).sort((a, b) => a - b);
  const largest = finite.at(-1) as number;

  it('widens every one of its values to what its definition says', () => {
    for (let bits = 0; bits < values.length; bits++) {
      if (!Object.is(values[bits], meaningOf(dtype, bits)) && !Number.isNaN(meaningOf(dtype, bits)))
        throw new Error(`bits ${bits}: ${values[bits]} where ${meaningOf(dtype, bits)} is meant`);
    }
    expect([...values].filter(Number.isNaN)).toHaveLength(
      values.filter((_, bits) => Number.isNaN(meaningOf(dtype, bits))).length,
    );
  });

  it('narrows every one of its values to itself, and NaN to NaN', () => {
    const again = widen(dtype, narrow(dtype, values));
    for (let i = 0; i < values.length; i++)
      if (!Object.is(again[i], values[i])) throw new Error(`${values[i]} became ${again[i]}`);
  });

  it('narrows what lies between two of its values to the nearer, and the middle to the even one', () => {
    const bitsOf = (value: number) => {
      const narrowed = narrow(dtype, Float32Array.of(value));
      return WIDTH[dtype] === 1 ? (narrowed[0] as number) : (narrowed[0] as number) | ((narrowed[1] as number) << 8);
    };
    for (let i = 1; i < finite.length; i++) {
      const [low, high] = [finite[i - 1] as number, finite[i] as number];
      const middle = (low + high) / 2;
      // Halfway between two small bfloat16 numbers lies no float32.
      if (low === high || Math.fround(middle) !== middle) continue;
      const even = bitsOf(low) % 2 === 0 ? low : high;
      const step = (high - low) / 2 ** 8;
      const near = [Math.fround(middle - step), middle, Math.fround(middle + step)];
      const got = widen(dtype, narrow(dtype, Float32Array.from(near)));
      const wanted = [low, even, high];
      for (let k = 0; k < 3; k++) {
        if (near[k] === middle && k !== 1) continue;
        if (got[k] !== wanted[k]) throw new Error(`${near[k]} became ${got[k]}, not ${wanted[k]}`);
      }
    }
    expect(finite.length).toBeGreaterThan(250);
  });

  it('is never further from a float32 than its nearest value is', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [narrowed = Number.NaN] = widen(dtype, narrow(dtype, Float32Array.of(value)));
        if (Math.abs(value) >= largest) {
          const isOver = dtype === 'F8_E4M3' ? Math.abs(narrowed) === largest : Math.abs(narrowed) >= largest;
          expect(isOver && Math.sign(narrowed) === Math.sign(value)).toBe(true);
          return;
        }
        let [low, high] = [0, finite.length - 1];
        while (high - low > 1) {
          const middle = (low + high) >> 1;
          if ((finite[middle] as number) <= value) low = middle;
          else high = middle;
        }
        const best = Math.min(Math.abs(value - (finite[low] as number)), Math.abs(value - (finite[high] as number)));
        expect(Math.abs(value - narrowed)).toBe(best);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds the first value that is not finite, wherever its bytes lie', () => {
    const notFinite = values.findIndex((value) => !Number.isFinite(value));
    const width = WIDTH[dtype];
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(findNotFinite(dtype, bytes)).toBe(notFinite);
    expect(findNotFinite(dtype, shifted.subarray(1))).toBe(notFinite);
    expect(findNotFinite(dtype, bytes.subarray(0, notFinite * width))).toBe(-1);
  });
});

describe('numbers beyond a type', () => {
  it.each<[FloatDtype, number, number]>([
    ['F16', 65519.99, 65504],
    ['F16', 65520, Number.POSITIVE_INFINITY],
    ['F16', -1e9, Number.NEGATIVE_INFINITY],
    ['F16', 2 ** -25, 0],
    ['F16', 1.0001 * 2 ** -25, 2 ** -24],
    ['F16', 1e-42, 0],
    ['BF16', 3.4028234e38, Number.POSITIVE_INFINITY],
    ['F8_E4M3', 449, 448],
    ['F8_E4M3', Number.POSITIVE_INFINITY, 448],
    ['F8_E4M3', -1e9, -448],
    ['F8_E4M3', 2 ** -10, 0],
    ['F8_E4M3', 1.01 * 2 ** -10, 2 ** -9],
  ])('%s of %d is %d', (dtype, value, expected) => {
    expect(widen(dtype as Small, narrow(dtype, Float32Array.of(value)))[0]).toBe(expected);
  });
});

it('leaves float32 bits alone, signs of zero and kinds of NaN too', () => {
  const bits = Uint32Array.of(0x80000000, 0x7fc00001, 0xff800001, 1, 0x3f800000);
  const values = new Float32Array(bits.buffer);
  expect(narrow('F32', values)).toEqual(bytesOf(bits));
  expect(bytesOf(widen('F32', bytesOf(bits)))).toEqual(bytesOf(bits));
  expect(findNotFinite('F32', bytesOf(bits))).toBe(1);
});

it('widens integers to the numbers that they are, wherever their bytes lie', () => {
  expect(widen('I8', Uint8Array.of(255, 128, 127))).toEqual(Float32Array.of(-1, -128, 127));
  expect(widen('U8', Uint8Array.of(255, 128, 0))).toEqual(Float32Array.of(255, 128, 0));
  const shifted = new Uint8Array(9);
  shifted.set(bytesOf(Uint32Array.of(7, 2 ** 31)), 1);
  expect(widen('U32', shifted.subarray(1))).toEqual(Float32Array.of(7, 2 ** 31));
});
