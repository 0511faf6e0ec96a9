// Weights as small integers: groups of a row's neighbours share a scale and perhaps an offset, scale · q + offset. Widened to
// float32 a range at a time, so that neither form is in memory whole.
import { widen } from './convert';
import { isWidened } from './dtype';
import { type ElementRange, numElements, type StoredTensor } from './storedTensor';
import { bytesOf, viewOf } from './views';

/** Bits of a packed integer. */
export type PackedBits = 4 | 8;

export interface QuantizedTensor {
  /** Of the weights; the last axis is that of the groups. */
  readonly shape: readonly number[];
  /** The integers q: signed or F8_E4M3 one by one, or unsigned in words, the first in the lowest bits. */
  readonly values: StoredTensor;
  /** Of an integer in U32 words; undefined where `values` are one by one. */
  readonly packedBits?: PackedBits | undefined;
  /** Neighbours with one scale; a divisor of the last axis, unless rows share scales. */
  readonly groupSize: number;
  /** Rows that share the scales of a row: a block is so many rows by groupSize columns. If not given, each row has its own. */
  readonly groupRows?: number | undefined;
  /** One a group, in the order of the groups. */
  readonly scales: StoredTensor;
  /** As the scales; none: 0. */
  readonly offsets?: StoredTensor | undefined;
}

/** The weights as float32. Reading rejects with what reading the parts rejects with. */
export function dequantized(q: QuantizedTensor): StoredTensor {
  const { shape, groupRows, scales, offsets } = q;
  const read = async ({ start, end }: ElementRange = { start: 0, end: numElements(shape) }) => {
    const values = await integers(q, { start, end });
    const groupOf = groupsOf(q);
    const firstGroup = groupRows === undefined ? groupOf(start) : 0;
    const groups = {
      start: firstGroup,
      end: groupRows === undefined ? groupOf(end - 1) + 1 : numElements(scales.shape),
    };
    const scaleOf = await floatsOf(scales, groups);
    const offsetOf = offsets && (await floatsOf(offsets, groups));
    for (let i = 0; i < values.length; i++) {
      const group = groupOf(start + i) - firstGroup;
      const scaled = (scaleOf[group] as number) * (values[i] as number);
      values[i] = offsetOf ? scaled + (offsetOf[group] as number) : scaled;
    }
    return bytesOf(values);
  };
  return { dtype: 'F32', shape, read };
}

/** The group of an element. */
function groupsOf({ shape, groupSize, groupRows }: QuantizedTensor): (element: number) => number {
  if (groupRows === undefined) return (element) => Math.floor(element / groupSize);
  const columns = shape.at(-1) ?? 1;
  const groupsOfRow = Math.ceil(columns / groupSize);
  return (element) =>
    Math.floor(Math.floor(element / columns) / groupRows) * groupsOfRow + Math.floor((element % columns) / groupSize);
}

/** The integers of a range of weights, in an array of the caller's own. */
async function integers({ values, packedBits }: QuantizedTensor, { start, end }: ElementRange): Promise<Float32Array> {
  if (packedBits === undefined) return (await floatsOf(values, { start, end })).slice();
  const perWord = 32 / packedBits;
  const firstWord = Math.floor(start / perWord);
  const words = viewOf(Uint32Array, await values.read({ start: firstWord, end: Math.ceil(end / perWord) }));
  const mask = 2 ** packedBits - 1;
  const unpacked = new Float32Array(end - start);
  // A loop, which is faster than `from` with a function.
  for (let i = 0; i < unpacked.length; i++) {
    const at = start + i - firstWord * perWord;
    unpacked[i] = ((words[Math.floor(at / perWord)] as number) >>> ((at % perWord) * packedBits)) & mask;
  }
  return unpacked;
}

async function floatsOf(tensor: StoredTensor, range: ElementRange): Promise<Float32Array> {
  if (!isWidened(tensor.dtype)) throw new TypeError(`values of type ${tensor.dtype} are not read as float32`);
  return widen(tensor.dtype, await tensor.read(range));
}
