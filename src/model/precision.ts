// In which precision weights are read by a training.
import { SoliloquyError } from '../lib/errors';

/** `fp16`: all in half precision. `fp8`: the matrices of products in blocks of eight bits, and what they multiply, too. */
export type WeightPrecision = 'f32' | 'fp16' | 'fp8';

/** Options of a training that ask for two precisions. */
export class PrecisionError extends SoliloquyError {
  readonly code = 'bad_precision';
}

/** The precision that options of a training ask for. @throws PrecisionError where they ask for two. */
export function precisionOf({ fp16, fp8 }: { readonly fp16: boolean; readonly fp8: boolean }): WeightPrecision {
  if (fp16 && fp8) {
    throw new PrecisionError(
      'fp16 and fp8 are both on, but weights are read in one precision.',
      'Set fp16 or fp8 to false.',
    );
  }
  if (fp8) return 'fp8';
  return fp16 ? 'fp16' : 'f32';
}
