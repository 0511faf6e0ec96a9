// The gradient of a mean over the tokens of all completions, whichever batches they are in.
import type { KernelTimes } from '../device/contract';
import type { TokenWeight } from './objectives/tokenWeights';
import { pack, type Sequence } from './packing';
import type { Gradient } from './trainer';
import type { TrainingBatch, TrainingPass } from './trainingPass';

export class TokenMean implements Gradient<readonly Sequence[], void> {
  /** @param owner of the pass's batch, and others that are destroyed with it. */
  constructor(
    private readonly pass: TrainingPass<Sequence, TokenWeight>,
    private readonly owners: readonly TrainingBatch[],
  ) {}

  get capacity(): number {
    return this.pass.capacity;
  }

  accumulate(sequences: readonly Sequence[]): void {
    const weight = 1 / sequences.reduce((sum, { completion }) => sum + completion.length, 0);
    for (const batch of pack(sequences, this.pass.capacity, 'whole')) {
      this.pass.write(batch, sequences, { weight });
      this.pass.submit({ weight });
    }
  }

  profile(): Promise<KernelTimes | undefined> {
    return this.pass.profile();
  }

  destroy(): void {
    this.pass.destroy();
    for (const owner of this.owners) owner.destroy();
  }
}
