// Stored numbers to float32 and back. Every F16, BF16 and F8_E4M3 is a float32, so widening is exact; narrowing rounds to the
// nearest, of two equally near to the even one (IEEE 754), on the bits: no number in between is rounded as well.
import type { FloatDtype, WidenedDtype } from './dtype';
import { viewOf } from './views';

/** The numbers of `bytes` as float32, into `out`, which has room for them. A U32 beyond 2²⁴ is rounded to the nearest float32. */
export function widenInto(dtype: WidenedDtype, bytes: Uint8Array, out: Float32Array): void {
  switch (dtype) {
    case 'F32':
      new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes);
      break;
    case 'BF16':
      widenUpperHalves(viewOf(Uint16Array, bytes), new Uint32Array(out.buffer, out.byteOffset, out.length));
      break;
    case 'F16':
      mapInto(viewOf(Uint16Array, bytes), out, widenHalf);
      break;
    case 'F8_E4M3':
      mapInto(bytes, out, (byte) => E4M3[byte] as number);
      break;
    case 'I8':
      out.set(viewOf(Int8Array, bytes));
      break;
    case 'U8':
      out.set(bytes);
      break;
    case 'U32':
      out.set(viewOf(Uint32Array, bytes));
      break;
    default:
      dtype satisfies never;
  }
}

/** The numbers of `bytes` as float32: a view on them where they are that and aligned. */
export function widen(dtype: WidenedDtype, bytes: Uint8Array): Float32Array {
  if (dtype === 'F32') return viewOf(Float32Array, bytes);
  const perElement = { F16: 2, BF16: 2, F8_E4M3: 1, I8: 1, U8: 1, U32: 4 }[dtype];
  const out = new Float32Array(bytes.length / perElement);
  widenInto(dtype, bytes, out);
  return out;
}

/**
 * Float32 numbers as bytes of another type, rounded to the nearest, ties to even. Beyond the largest: F16 and BF16
 * become infinite, as in IEEE 754; F8_E4M3, which has no infinity, stays at its largest, 448 (the
 * saturating mode of OCP's specification). NaN stays NaN. F32 is a view.
 */
export function narrow(dtype: FloatDtype, values: Float32Array): Uint8Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  switch (dtype) {
    case 'F32':
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    case 'BF16':
      return new Uint8Array(Uint16Array.from(bits, narrowToBfloat16).buffer);
    case 'F16':
      return new Uint8Array(Uint16Array.from(bits, narrowToHalf).buffer);
    case 'F8_E4M3':
      return Uint8Array.from(bits, narrowToE4m3);
    default:
      return dtype satisfies never;
  }
}

/** The place of the first infinity or NaN; −1 where there is none. */
export function findNotFinite(dtype: FloatDtype, bytes: Uint8Array): number {
  switch (dtype) {
    case 'F32':
      return findExponent(viewOf(Uint32Array, bytes), 0x7f800000);
    case 'BF16':
      return findExponent(viewOf(Uint16Array, bytes), 0x7f80);
    case 'F16':
      return findExponent(viewOf(Uint16Array, bytes), 0x7c00);
    case 'F8_E4M3':
      return findExponent(bytes, 0x7f);
    default:
      return dtype satisfies never;
  }
}

/** A loop, which is faster than `findIndex` with a function. */
function findExponent(bits: Uint32Array | Uint16Array | Uint8Array, mask: number): number {
  for (let i = 0; i < bits.length; i++) if (((bits[i] as number) & mask) === mask) return i;
  return -1;
}

function mapInto(from: Uint16Array | Uint8Array, out: Float32Array, map: (bits: number) => number): void {
  for (let i = 0; i < from.length; i++) out[i] = map(from[i] as number);
}

/** A bfloat16 is the upper half of a float32. */
function widenUpperHalves(halves: Uint16Array, out: Uint32Array): void {
  for (let i = 0; i < halves.length; i++) out[i] = (halves[i] as number) << 16;
}

/** IEEE half: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
function widenHalf(half: number): number {
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  let magnitude: number;
  if (exponent === 0) magnitude = fraction * 2 ** -24;
  else if (exponent === 0x1f) magnitude = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  else magnitude = (1024 + fraction) * 2 ** (exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

/** OCP's E4M3 ("FN"): 1 sign, 4 exponent (bias 7), 3 fraction bits; all ones is NaN, there is no infinity. */
const E4M3 = Float32Array.from({ length: 256 }, (_, byte) => {
  const exponent = (byte >> 3) & 0xf;
  const fraction = byte & 7;
  const magnitude = exponent === 0 ? fraction * 2 ** -9 : (8 + fraction) * 2 ** (exponent - 10);
  if ((byte & 0x7f) === 0x7f) return Number.NaN;
  return byte & 0x80 ? -magnitude : magnitude;
});

const isNanBits = (bits: number) => (bits & 0x7fffffff) > 0x7f800000;

/** Half a unit of what remains is added, less if it would make an odd number of a tie. */
function roundShift(value: number, shift: number): number {
  const half = 1 << (shift - 1);
  const isOdd = (value >>> shift) & 1;
  return (value + half - 1 + isOdd) >>> shift;
}

function narrowToBfloat16(bits: number): number {
  // A quiet NaN of the same sign.
  if (isNanBits(bits)) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  return roundShift(bits & 0x7fffffff, 16) | ((bits >>> 16) & 0x8000);
}

function narrowToHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  if (isNanBits(bits)) return sign | 0x7e00;
  return sign | Math.min(0x7c00, roundFraction(bits & 0x7fffffff, 10, 15));
}

function narrowToE4m3(bits: number): number {
  const sign = (bits >>> 24) & 0x80;
  if (isNanBits(bits)) return sign | 0x7f;
  return sign | Math.min(0x7e, roundFraction(bits & 0x7fffffff, 3, 7));
}

/**
 * The magnitude of a float32 as exponent and fraction of a smaller type, not bounded above: a carry out of the fraction
 * goes into the exponent, which is right, since the two follow each other.
 * @param bias of the smaller type's exponent
 */
function roundFraction(magnitude: number, fractionBits: number, bias: number): number {
  const shift = 23 - fractionBits;
  const rebias = (127 - bias) << 23;
  const exponent = magnitude >>> 23;
  // From the smaller type's smallest normal number on.
  if (exponent > 127 - bias) return roundShift(magnitude - rebias, shift);
  // Below, its numbers are multiples of one unit: the fraction, with its leading one, is shifted further.
  const further = shift + 128 - bias - exponent;
  if (further > 24) return 0;
  return roundShift((magnitude & 0x7fffff) | 0x800000, further);
}
