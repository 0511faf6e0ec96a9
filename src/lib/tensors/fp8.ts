// A matrix in FP8 as DeepSeek ships it: numbers of E4M3, and for each block of 128 × 128 a scale by which they are multiplied.
import { narrow, widen } from './convert';
import { type ElementRange, type StoredTensor, sliceOf } from './storedTensor';
import { bytesOf } from './views';

/** Rows and columns of a block; at the edges it has fewer. */
export const FP8_BLOCK = 128;

/** The largest of E4M3, which a block's scale takes its largest number to. */
const LARGEST = 448;
/** The smallest scale: the smallest normal float32. */
const SMALLEST_SCALE = 2 ** -126;

/** The shape of the scales of a matrix. */
export function fp8ScaleShape([rows, columns]: readonly [number, number]): [number, number] {
  return [Math.ceil(rows / FP8_BLOCK), Math.ceil(columns / FP8_BLOCK)];
}

/** A matrix of finite float32 in FP8, made when it is read, with the rows of a block in memory at once. */
export function fp8Parts(
  matrix: StoredTensor,
  shape: readonly [number, number],
): { values: StoredTensor; scales: StoredTensor } {
  const [rows, columns] = shape;
  const bands = Math.ceil(rows / FP8_BLOCK);
  const bandOf = async (band: number) => {
    const first = band * FP8_BLOCK;
    const count = Math.min(FP8_BLOCK, rows - first);
    const read = sliceOf(matrix, [count, columns], first * columns);
    return quantizeBand(widen('F32', await read.read()), columns);
  };
  const readValues = async ({ start, end }: ElementRange = { start: 0, end: rows * columns }) => {
    const bytes = new Uint8Array(end - start);
    const size = FP8_BLOCK * columns;
    for (let band = Math.floor(start / size); band * size < end; band++) {
      const { codes } = await bandOf(band);
      const [from, to] = [Math.max(start, band * size), Math.min(end, band * size + codes.length)];
      bytes.set(codes.subarray(from - band * size, to - band * size), from - start);
    }
    return bytes;
  };
  const scaleShape = fp8ScaleShape(shape);
  const readScales = async ({ start, end }: ElementRange = { start: 0, end: bands * scaleShape[1] }) => {
    const all: number[] = [];
    for (let band = 0; band < bands; band++) all.push(...(await bandOf(band)).scales);
    return bytesOf(Float32Array.from(all.slice(start, end)));
  };
  return {
    values: { dtype: 'F8_E4M3', shape, read: readValues },
    scales: { dtype: 'F32', shape: scaleShape, read: readScales },
  };
}

/** The blocks beside each other that some rows are. */
function quantizeBand(rows: Float32Array, columns: number): { codes: Uint8Array; scales: Float32Array } {
  const largest = new Float32Array(Math.ceil(columns / FP8_BLOCK));
  const blockOf = (i: number) => Math.floor((i % columns) / FP8_BLOCK);
  rows.forEach((value, i) => {
    largest[blockOf(i)] = Math.max(largest[blockOf(i)] as number, Math.abs(value));
  });
  const scales = largest.map((size) => Math.max(Math.fround(size / LARGEST), SMALLEST_SCALE));
  const codes = narrow(
    'F8_E4M3',
    rows.map((value, i) => value / (scales[blockOf(i)] as number)),
  );
  return { codes, scales };
}
