// An answer as other weights than those that wrote it read it: what the ratios of its loss are made of.
import type { Runtime } from '../../engine/runtime';
import type { Weights } from '../../model/weights';
import { lengthOf, pack, type Sequence, type SequenceBatch, writeBatch } from '../packing';
import { ScorePass } from '../scorePass';
import { TrainingBatch } from '../trainingPass';

/** One number a token of the answer, in nats. */
export interface Reading {
  readonly logps: readonly number[];
  readonly entropies: readonly number[];
}

/**
 * Log-probability of each token of a completion, and the entropy at its place. Adds to the weights' load counts as any pass does.
 * @param temperature at which they were drawn
 * @throws OutOfMemoryError or DeviceTooSmallError.
 */
export async function readAgain(
  runtime: Runtime,
  weights: Weights,
  sequence: Sequence,
  temperature: number,
): Promise<Reading> {
  const capacity = lengthOf(sequence);
  const owner = await runtime.device.guardMemory(() => new TrainingBatch(runtime, weights, capacity));
  let pass: ScorePass | undefined;
  try {
    pass = await ScorePass.compile(owner, weights, { temperature });
    const [batch] = pack([sequence], capacity, 'whole') as [SequenceBatch];
    const [first] = writeBatch(owner.batch, batch, [sequence]) as [number];
    pass.submit();
    const part = (values: Float32Array) => [...values.subarray(first, first + sequence.completion.length)];
    return { logps: part(await pass.readLogProbs()), entropies: part(await pass.readEntropies()) };
  } finally {
    pass?.destroy();
    owner.destroy();
  }
}
