// A training pass over a packed batch, compiled once for a capacity: forward, objective, backward. Its gradient is added to what
// the gradient pools hold.
import type { KernelTimes } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import { CompiledGraph } from '../graph/compile';
import { Graph } from '../graph/graph';
import type { SlotPool } from '../graph/slotPool';
import { forwardMtp } from '../model/mtp';
import { forward } from '../model/network';
import { PackedBatch } from '../model/packedBatch';
import { headName } from '../model/parameterShapes';
import { RopeTables } from '../model/ropeTables';
import type { Weights } from '../model/weights';
import type { ForwardOutputs, MtpUse, Objective } from './objectives/objective';
import { type Sequence, type SequenceBatch, writeBatch } from './packing';

/** Device memory shared by the passes of one capacity over models of one architecture. */
export class TrainingBatch {
  readonly batch: PackedBatch;
  readonly rope: RopeTables;

  /**
   * @param slots where the passes take turns in memory with those of other capacities.
   * @param of whose sequences these are, where another model reads the same ones.
   */
  constructor(
    readonly runtime: Runtime,
    { architecture }: Pick<Weights, 'architecture'>,
    readonly capacity: number,
    readonly slots?: SlotPool,
    private readonly of?: TrainingBatch,
  ) {
    this.batch = of?.batch ?? new PackedBatch(runtime.device, capacity);
    this.rope = new RopeTables(runtime.device, architecture, capacity);
  }

  destroy(): void {
    if (!this.of) this.batch.destroy();
    this.rope.destroy();
  }
}

/** Records the forward pass of some weights over the batch. @param mtp as an objective has it. */
export function forwardOf(g: Graph, owner: TrainingBatch, weights: Weights, mtp?: MtpUse): ForwardOutputs {
  const batch = owner.batch.tensors(g);
  const isFrozen = mtp === 'alone';
  const parameter = (name: string) => {
    const found = weights.parameter(g, name);
    return isFrozen ? { ...found, gradient: undefined } : found;
  };
  const pass = () => forward(g, weights, batch, owner.rope);
  const hidden = isFrozen ? g.detached(pass) : pass();
  const outputs = { hidden, head: parameter(headName(weights.architecture)), targets: batch.targets };
  if (!mtp) return outputs;
  const embedding = parameter('embedding.weight');
  return { ...outputs, further: forwardMtp(g, weights, batch, owner.rope, { hidden, embedding }) };
}

export class TrainingPass<Member extends Sequence, Settings> {
  private constructor(
    private readonly owner: TrainingBatch,
    private readonly objective: Objective<Member, Settings>,
    private readonly graph: CompiledGraph,
  ) {}

  /**
   * @param objective is destroyed with the pass.
   * @param gradientCheckpointing computes each layer again in the backward pass, so that its inside need not be kept.
   */
  static async compile<Member extends Sequence, Settings>(
    owner: TrainingBatch,
    weights: Weights,
    objective: Objective<Member, Settings>,
    gradientCheckpointing = false,
  ): Promise<TrainingPass<Member, Settings>> {
    const g = new Graph({ recomputesBlocks: gradientCheckpointing });
    objective.record(g, forwardOf(g, owner, weights, objective.mtp));
    const label = `${objective.name}:${owner.capacity}`;
    const graph = await CompiledGraph.compile(owner.runtime.device, label, g, [], owner.slots);
    return new TrainingPass(owner, objective, graph);
  }

  get capacity(): number {
    return this.owner.capacity;
  }

  /** Writes a batch that was packed from these sequences. */
  write(batch: SequenceBatch, sequences: readonly Member[], settings: Settings): void {
    const firsts = writeBatch(this.owner.batch, batch, sequences);
    const placed = batch.members.map((i, m) => ({ ...(sequences[i] as Member), first: firsts[m] as number }));
    this.objective.write(placed, settings);
  }

  /** Adds the gradient of the batch that was written last. Does not wait for the device. */
  submit(settings: Settings): void {
    this.objective.prepare?.(settings);
    this.graph.program.submit();
  }

  /** Tells how long a run of it took, so that it is chopped to fit a frame. */
  tune(elapsedMs: number): void {
    this.graph.program.tune(elapsedMs);
  }

  /** Time by kernel of a run. */
  profile(): Promise<KernelTimes | undefined> {
    return this.graph.program.profile();
  }

  destroy(): void {
    this.graph.destroy();
    this.objective.destroy();
  }
}
