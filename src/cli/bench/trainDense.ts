// One training step of the dense decoder: forward, backward, AdamW.

import { type DeviceBuffer, whole } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { CompiledGraph } from '../../graph/compile';
import { Graph } from '../../graph/graph';
import { logProbs } from '../../graph/operations/logProbs';
import { accumulateSum } from '../../kernels/elementwise/pointwise';
import { likelihoodLoss } from '../../kernels/loss/logProb';
import { rng } from '../../lib/rng';
import { PackedBatch } from '../../model/packedBatch';
import { createRopeBuffer } from '../../model/ropeBuffer';
import { Optimizer } from '../../trainer/optimizer';
import { countDense, DENSE, DENSE_4M, type DenseShape, DenseWeights, denseForward, denseTensors } from './denseDecoder';
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
  // Forward once, backward twice; two operations for each weight that a token passes through.
  const work = { tokens: count, flops: 6 * countDense(shape) * count };
  const millions = (countDense(shape) / 1e6).toFixed(2);
  return {
    about: `one step of a dense decoder of ${millions} M parameters on ${batch} × ${time} tokens: forward, backward, AdamW`,
    peerTask: () => ({
      kind: 'train',
      work,
      input: {
        shape,
        tensors: denseTensors(shape, SEED),
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
    private readonly weights: DenseWeights,
    private readonly batch: PackedBatch,
    private readonly graph: CompiledGraph,
    private readonly optimizer: Optimizer,
    private readonly buffers: Record<'rope' | 'tokenWeights' | 'loss', DeviceBuffer>,
  ) {}

  static async create(runtime: Runtime, task: DenseTask): Promise<DenseTrainer> {
    await runtime.tuning.settle();
    const { device } = runtime;
    const { shape, time } = task;
    const count = task.batch * time;
    const weights = new DenseWeights(device, shape, denseTensors(shape, SEED));
    const batch = new PackedBatch(device, count);
    const sequences = tokens(task);
    batch.write(sequences.map((sequence) => [...sequence.subarray(0, time)]));
    const rope = { width: shape.headWidth, theta: shape.ropeTheta, isInterleaved: false, scaling: null };
    const ropeRange = createRopeBuffer(device, rope, time);
    const tokenWeights = device.createBuffer('DenseTrainer.tokenWeights', count * 4);
    const loss = device.createBuffer('DenseTrainer.loss', 16);
    device.write(tokenWeights, new Float32Array(count).fill(1 / count));

    const g = new Graph();
    const { ids, spans, positions, targets } = batch.tensors(g);
    // A packed batch takes each sequence's last target for unknown; here it is known.
    const allTargets = sequences.flatMap((sequence) => [...sequence.subarray(1)]);
    if (targets.range) device.write(targets.range, Uint32Array.from(allTargets));
    const table = g.bind('rope table', [ropeRange.size / 8, 2], ropeRange);
    const x = denseForward(g, weights, { ids, spans, rope: { table, positions, isInterleaved: false } });
    const head = weights.parameter(g, 'embedding');
    const scores = logProbs(g, { x, head, targets }, { temperature: 1 });
    const slopes = g.tensor('slopes', [count, 2]);
    const terms = g.tensor('loss terms', [count]);
    const boundWeights = g.bind('token weights', [count], whole(tokenWeights));
    g.emit(
      likelihoodLoss(count, { log_prob: scores.logProb, weights: boundWeights, slopes, terms }),
      accumulateSum('LikelihoodLoss.sum', count, { x: terms, total: g.bind('loss', [1], whole(loss)) }),
    );
    g.backward(scores.logProb, slopes);
    const [graph, optimizer] = await Promise.all([
      CompiledGraph.compile(device, 'DenseTrainer', g),
      Optimizer.create(runtime, weights),
    ]);
    return new DenseTrainer(runtime, weights, batch, graph, optimizer, { rope: ropeRange.buffer, tokenWeights, loss });
  }

  /** One step on the batch. Does not wait for the device. */
  step(): void {
    this.runtime.device.write(this.buffers.loss, new Float32Array(4));
    this.graph.program.submit();
    this.optimizer.step({ ...ADAMW, maxNorm: Number.MAX_SAFE_INTEGER });
  }

  /** Loss of the last step, before its update. Waits for the device. */
  async readLoss(): Promise<number> {
    const [loss] = await this.runtime.readback.readF32({ buffer: this.buffers.loss, offset: 0, size: 4 });
    return loss as number;
  }

  async profile() {
    return new Map([...((await this.graph.program.profile()) ?? []), ...((await this.optimizer.profile()) ?? [])]);
  }

  destroy(): void {
    this.graph.destroy();
    this.optimizer.destroy();
    this.batch.destroy();
    this.weights.destroy();
    for (const buffer of Object.values(this.buffers)) this.runtime.device.destroyBuffer(buffer);
  }
}
