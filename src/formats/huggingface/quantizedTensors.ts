// Quantised weights as folders have them: integers under the weight's name, and beside it a scale for all, for each row, for
// each group of a row's neighbours, or for each block. Read are
//   MLX's affine form: `weight` in U32 words of 4 or 8 bits, `scales` and, as offsets, `biases`
//   DeepSeek's FP8: `weight` in F8_E4M3, `weight_scale_inv`, by which blocks of 128 × 128 are multiplied, whatever it is called
//   compressed-tensors' int-quantized and float-quantized: `weight` in I8 or F8_E4M3, `weight_scale`
import { FP8_BLOCK, fp8ScaleShape } from '../../lib/tensors/fp8';
import type { PackedBits } from '../../lib/tensors/quantized';
import { numElements } from '../../lib/tensors/storedTensor';

/** What a header says of a tensor. */
interface Described {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A tensor and the shape that it must have. */
interface NeededTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What a quantised weight is made of. */
export interface QuantizedParts {
  readonly packedBits: PackedBits | undefined;
  readonly groupSize: number;
  readonly groupRows?: number;
  readonly values: NeededTensor;
  readonly scales: NeededTensor;
  readonly offsets: NeededTensor | undefined;
}

const BLOCK_SCALE = 'weight_scale_inv';

/** Whether weights are scaled by blocks: then none in F8_E4M3 is without. */
export function hasBlockScales(found: ReadonlyMap<string, Described>): boolean {
  return [...found.keys()].some((name) => name.endsWith(BLOCK_SCALE));
}

/**
 * The parts of the weight `name` of this shape; undefined where it is not quantised, as far as headers tell.
 * @param isByBlocks as hasBlockScales
 */
export function quantizedParts(
  name: string,
  shape: readonly number[],
  found: ReadonlyMap<string, Described>,
  isByBlocks: boolean,
): QuantizedParts | undefined {
  const own = found.get(name);
  if (!own || !name.endsWith('weight')) return undefined;
  const beside = (part: string) => name.replace(/weight$/, part);
  const columns = shape.at(-1) ?? 1;
  switch (own.dtype) {
    case 'U32': {
      const scales = found.get(beside('scales'));
      if (!scales) return undefined;
      const packedBits = (own.shape.at(-1) ?? 0) * 32 === 8 * columns ? 8 : 4;
      const { groupSize, shape: scalesShape } = groupsOf(shape, scales);
      return {
        packedBits,
        groupSize,
        values: { name, shape: [...shape.slice(0, -1), (columns * packedBits) / 32] },
        scales: { name: beside('scales'), shape: scalesShape },
        offsets: { name: beside('biases'), shape: scalesShape },
      };
    }
    case 'I8':
    case 'F8_E4M3': {
      const [rows, columns, ...others] = shape;
      if (isByBlocks && own.dtype === 'F8_E4M3' && rows !== undefined && columns !== undefined && others.length === 0) {
        return {
          packedBits: undefined,
          groupSize: FP8_BLOCK,
          groupRows: FP8_BLOCK,
          values: { name, shape },
          scales: { name: beside(BLOCK_SCALE), shape: fp8ScaleShape([rows, columns]) },
          offsets: undefined,
        };
      }
      const scales = found.get(beside('weight_scale'));
      if (!scales) return undefined;
      const { groupSize, shape: scalesShape } = groupsOf(shape, scales);
      const values = { name, shape };
      const scalesPart = { name: beside('weight_scale'), shape: scalesShape };
      return { packedBits: undefined, groupSize, values, scales: scalesPart, offsets: undefined };
    }
    default:
      return undefined;
  }
}

/** Weights with one scale, by how many scales there are, and the shape that these must have. */
function groupsOf(shape: readonly number[], scales: Described): { groupSize: number; shape: readonly number[] } {
  if (numElements(scales.shape) === 1) return { groupSize: numElements(shape), shape: scales.shape };
  const columns = shape.at(-1) ?? 1;
  const found = scales.shape.at(-1) ?? 1;
  // Where they do not divide a row, one a row is what is asked for.
  const groups = found > 0 && columns % found === 0 ? found : 1;
  return { groupSize: columns / groups, shape: [...shape.slice(0, -1), groups] };
}
