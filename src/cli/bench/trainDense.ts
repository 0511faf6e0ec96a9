// One training step of the dense decoder: forward, backward, AdamW.

import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import { forwardOperations } from '../../model/operations';
import { countParameters } from '../../model/parameterShapes';
import { Weights } from '../../model/weights';
import { Likelihood } from '../../trainer/objectives/likelihood';
import type { TokenWeight } from '../../trainer/objectives/tokenWeights';
import { Optimizer } from '../../trainer/optimizer/optimizer';
import { pack, type Sequence, type SequenceBatch, sequenceFrom } from '../../trainer/packing';
import { TrainingBatch, TrainingPass } from '../../trainer/trainingPass';
import { DENSE, DENSE_4M, type DenseShape, denseArchitecture, denseTensors, peerTensors } from './dense';
import type { Prepared, Workload } from './workload';

const SEED = 0;
/** Steps whose losses are compared between the systems. */
const CHECKED_STEPS = 3;
const ADAMW = { learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };

/** What is trained on how much. */
interface DenseTask {
  readonly shape: DenseShape;
  /** Sequences of a step. */
  readonly batch: number;
  /** Tokens of a sequence. */
  readonly time: number;
}

/** Sequences of `time` tokens and one more, which is only a target. */
function tokens({ shape, batch, time }: DenseTask): Uint32Array[] {
  return Array.from({ length: batch }, (_, sequence) => {
    const draws = rng(SEED, 'corpus', sequence);
    return Uint32Array.from({ length: time + 1 }, () => draws.integer(0, shape.vocabulary - 1));
  });
}

function denseWorkload(task: DenseTask): Workload {
  const { shape, batch, time } = task;
  const count = batch * time;
  const architecture = denseArchitecture(shape);
  const { total } = countParameters(architecture);
  const sequences = Array.from({ length: batch }, () => ({ first: 0, end: time }));
  // Forward once, backward twice.
  const work = { tokens: count, flops: 3 * forwardOperations(architecture, sequences) };
  const millions = (total / 1e6).toFixed(2);
  return {
    about: `one step of a dense decoder of ${millions} M parameters on ${batch} × ${time} tokens: forward, backward, AdamW`,
    peerTask: () => ({
      kind: 'train',
      work,
      input: {
        shape,
        tensors: peerTensors(shape, SEED),
        tokens: tokens(task),
        adamw: ADAMW,
        checkedSteps: CHECKED_STEPS,
      },
    }),
    prepare: async (runtime): Promise<Prepared> => {
      const trainer = await DenseTrainer.create(runtime, task);
      const check: number[] = [];
      for (let step = 0; step < CHECKED_STEPS; step++) {
        trainer.step();
        check.push(await trainer.readLoss());
      }
      return {
        check,
        run: async (times) => {
          for (let i = 0; i < times; i++) trainer.step();
          await trainer.readLoss();
          return { tokens: work.tokens * times, flops: work.flops * times };
        },
        detail: () => `first losses ${check.map((loss) => loss.toFixed(4)).join(', ')}`,
        profile: () => trainer.profile(),
        profiled: 'forward, backward and AdamW',
        destroy: async () => trainer.destroy(),
      };
    },
  };
}

export const trainDense = denseWorkload({ shape: DENSE, batch: 16, time: 64 });

/** As large as others' browser trainers measure on graphics cards. */
export const trainDense4m: Workload = {
  ...denseWorkload({ shape: DENSE_4M, batch: 64, time: 32 }),
  isOnlyAskedFor: true,
};

class DenseTrainer {
  private constructor(
    private readonly runtime: Runtime,
    private readonly weights: Weights,
    private readonly owner: TrainingBatch,
    private readonly objective: Likelihood,
    private readonly pass: TrainingPass<Sequence, TokenWeight>,
    private readonly weight: TokenWeight,
    private readonly optimizer: Optimizer,
  ) {}

  static async create(runtime: Runtime, task: DenseTask): Promise<DenseTrainer> {
    await runtime.tuning.settle();
    const { shape, time } = task;
    const count = task.batch * time;
    const weights = await Weights.upload(runtime.device, denseArchitecture(shape), denseTensors(shape, SEED), true);
    const owner = new TrainingBatch(runtime, weights, count);
    const objective = new Likelihood(runtime.device, count);
    const [pass, optimizer] = await Promise.all([
      TrainingPass.compile(owner, weights, objective),
      Optimizer.create(runtime, weights, () => true),
    ]);
    const sequences = tokens(task).map((ids) => sequenceFrom([...ids], 1));
    const weight = { weight: 1 / count };
    // A sequence's last token is only a target, so that nothing is computed from it: one batch holds them all.
    const [batch] = pack(sequences, count, 'shared');
    pass.write(batch as SequenceBatch, sequences, weight);
    return new DenseTrainer(runtime, weights, owner, objective, pass, weight, optimizer);
  }

  /** One step on the batch. Does not wait for the device. */
  step(): void {
    this.objective.tokens.clearLoss();
    this.pass.submit(this.weight);
    this.optimizer.step({ ...ADAMW, maxNorm: Number.MAX_SAFE_INTEGER });
  }

  /** Loss of the last step, before its update. Waits for the device. */
  async readLoss(): Promise<number> {
    const [loss] = await this.runtime.readback.readF32(this.objective.tokens.loss);
    return loss as number;
  }

  async profile() {
    const passes = await this.pass.profile();
    return new Map([...(passes ?? []), ...((await this.optimizer.profile()) ?? [])]);
  }

  destroy(): void {
    this.pass.destroy();
    this.optimizer.destroy();
    this.owner.destroy();
    this.weights.destroy();
  }
}
