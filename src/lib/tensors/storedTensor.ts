// A named tensor where it is stored: its type, its shape, and its bytes when they are asked for.
import { widen, widenInto } from './convert';
import { DTYPE_BYTES, type Dtype, isWidened } from './dtype';
import { bytesOf } from './views';

/** Elements `start` … `end`, without the last, in row-major order. */
export interface ElementRange {
  readonly start: number;
  readonly end: number;
}

export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /**
   * The bytes of a range of its elements, of all of them without a range: a view that whoever gets it leaves as it is.
   * Rejects with what its source fails with.
   */
  read(range?: ElementRange): Promise<Uint8Array>;
}

/** A stored tensor whose values are in memory. */
export interface FloatTensor extends StoredTensor {
  readonly dtype: 'F32';
  readonly data: Float32Array;
}

/** Elements of a shape; 1 for a scalar. */
export function numElements(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}

/** Float32 values as a stored tensor, of which they stay a part. */
export function floatTensor(shape: readonly number[], data: Float32Array): FloatTensor {
  const read = async (range?: ElementRange) => bytesOf(range ? data.subarray(range.start, range.end) : data);
  return { dtype: 'F32', shape, data, read };
}

/** Elements of a tensor from `start` on, as a tensor of their own. */
export function sliceOf(tensor: StoredTensor, shape: readonly number[], start: number): StoredTensor {
  const size = numElements(shape);
  if (start === 0 && size === numElements(tensor.shape)) return tensor;
  const read = ({ start: from, end }: ElementRange = { start: 0, end: size }) =>
    tensor.read({ start: start + from, end: start + end });
  return { dtype: tensor.dtype, shape, read };
}

/** Elements of a piece: bounds what is in memory at once. */
const PIECE_ELEMENTS = 2 ** 21;

/** Some values of a tensor as float32, from element `start` on. */
export interface TensorPiece {
  readonly start: number;
  readonly values: Float32Array;
}

/** The ranges of a tensor's elements, in order, that are in memory one at a time. */
export function* pieceRanges(size: number, pieceElements = PIECE_ELEMENTS): Generator<ElementRange> {
  for (let start = 0; start < size; start += pieceElements) yield { start, end: Math.min(size, start + pieceElements) };
}

/**
 * The values of a tensor, a piece after the other; whoever gets one must be done with it when asking for the next,
 * which is written over it. Throws TypeError for a type that has no widening.
 */
export async function* pieces(tensor: StoredTensor, pieceElements = PIECE_ELEMENTS): AsyncGenerator<TensorPiece> {
  const { dtype, shape } = tensor;
  if (!isWidened(dtype)) throw new TypeError(`values of type ${dtype} are not read as float32`);
  const size = numElements(shape);
  const room = new Float32Array(Math.min(size, pieceElements));
  for (const { start, end } of pieceRanges(size, pieceElements)) {
    const values = room.subarray(0, end - start);
    widenInto(dtype, await tensor.read({ start, end }), values);
    yield { start, values };
  }
}

/** All values of a tensor as float32: a view where it holds them so. Throws TypeError for a type that has no widening. */
export async function readFloats(tensor: StoredTensor): Promise<Float32Array> {
  if (!isWidened(tensor.dtype)) throw new TypeError(`values of type ${tensor.dtype} are not read as float32`);
  return widen(tensor.dtype, await tensor.read());
}

/** Bytes of a tensor where it is stored. */
export function storedBytes({ dtype, shape }: Pick<StoredTensor, 'dtype' | 'shape'>): number {
  return numElements(shape) * DTYPE_BYTES[dtype];
}
