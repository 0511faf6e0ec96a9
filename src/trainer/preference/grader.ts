// Grades of texts by a reward model: the number that its head gives where the last token of a text was read.
import type { BufferRange } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { CompiledGraph } from '../../graph/compile';
import { Graph, type Tensor } from '../../graph/graph';
import type { Weights } from '../../model/weights';
import { grades } from '../objectives/preference';
import { pack, type Sequence, writeBatch } from '../packing';
import { forwardOf, TrainingBatch } from '../trainingPass';
import { toBeGraded } from './pairs';

/** A grading pass of one capacity, compiled once. */
export class Grader {
  private constructor(
    private readonly owner: TrainingBatch,
    private readonly graph: CompiledGraph,
    private readonly found: Tensor,
  ) {}

  /** @param weights of a reward model. @param capacity tokens of a batch; each text must fit one. */
  static async create(runtime: Runtime, weights: Weights, capacity: number): Promise<Grader> {
    const owner = await runtime.device.guardMemory(() => new TrainingBatch(runtime, weights, capacity));
    const g = new Graph();
    const found = grades(g, forwardOf(g, owner, weights));
    const graph = await CompiledGraph.compile(runtime.device, `Grade:${capacity}`, g, [found]);
    return new Grader(owner, graph, found);
  }

  get #range(): BufferRange {
    return this.graph.rangeOf(this.found);
  }

  /** One grade a text, of its last token. */
  async grade(texts: readonly Sequence[]): Promise<number[]> {
    const sequences = texts.map(toBeGraded);
    const found: number[] = [];
    for (const batch of pack(sequences, this.owner.capacity, 'shared')) {
      const firsts = writeBatch(this.owner.batch, batch, sequences);
      this.graph.program.submit();
      const values = await this.owner.runtime.readback.readF32(this.#range);
      for (const [m, first] of firsts.entries()) {
        const index = batch.members[m] as number;
        found[index] = values[first + (sequences[index] as Sequence).completion.length - 1] as number;
      }
    }
    return found;
  }

  destroy(): void {
    this.graph.destroy();
    this.owner.destroy();
  }
}

/** Grades once, with a pass of its own. */
export async function gradeTexts(
  runtime: Runtime,
  weights: Weights,
  texts: readonly Sequence[],
  capacity: number,
): Promise<number[]> {
  const grader = await Grader.create(runtime, weights, capacity);
  try {
    return await grader.grade(texts);
  } finally {
    grader.destroy();
  }
}
