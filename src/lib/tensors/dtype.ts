// The types that stored numbers have, by safetensors' names for them.

/** Bytes of one element. Integers of less than a byte are packed into words (quantized.ts). */
export const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
  C64: 8,
} as const;

export type Dtype = keyof typeof DTYPE_BYTES;

/** Types whose every value a float32 holds; U32 only up to 2²⁴. */
const WIDENED = ['F32', 'F16', 'BF16', 'F8_E4M3', 'I8', 'U8', 'U32'] as const;

/** A type that `widen` reads. */
export type WidenedDtype = (typeof WIDENED)[number];

export function isWidened(dtype: Dtype): dtype is WidenedDtype {
  return (WIDENED as readonly Dtype[]).includes(dtype);
}

/** Types that weights are stored in as they are; integers need scales beside them. */
const FLOATS = ['F32', 'F16', 'BF16', 'F8_E4M3'] as const;

export type FloatDtype = (typeof FLOATS)[number];

export function isFloat(dtype: Dtype): dtype is FloatDtype {
  return (FLOATS as readonly Dtype[]).includes(dtype);
}
