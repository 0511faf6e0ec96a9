// What a model expects next, a token at a time: the logits of one decode step, read back. Whoever encodes and whoever decodes
// takes the same steps of one row each, so both see the same bits.
import { CompiledGraph } from '../../graph/compile';
import { Graph, type Tensor } from '../../graph/graph';
import { recordDecodeStep } from '../../model/decode';
import { DecodeState } from '../../model/decodeState';
import { RopeTables } from '../../model/ropeTables';
import type { Weights } from '../../model/weights';
import type { Runtime } from '../runtime';

/** Tokens that a model looks back at, where it has positions for more. */
const MOST_POSITIONS = 512;

export class NextToken {
  /** Tokens that were read since `restart`. */
  #read: number[] = [];

  private constructor(
    private readonly runtime: Runtime,
    private readonly state: DecodeState,
    private readonly rope: RopeTables,
    private readonly graph: CompiledGraph,
    private readonly logits: Tensor,
    private readonly numTokens: number,
  ) {}

  /** @throws OutOfMemoryError, DeviceTooSmallError. */
  static async create(runtime: Runtime, weights: Weights): Promise<NextToken> {
    const { device } = runtime;
    const { architecture } = weights;
    const positions = Math.min(architecture.maxPositions, MOST_POSITIONS);
    const capacity = { rollouts: 1, maxNewTokens: positions, promptTokens: 0, hasAlternatives: false };
    const [state, rope] = await device.guardMemory(() => [
      new DecodeState(device, architecture, capacity),
      new RopeTables(device, architecture, positions),
    ]);
    const g = new Graph();
    const logits = recordDecodeStep(g, weights, state, 1, rope);
    const graph = await CompiledGraph.compile(device, 'NextToken', g, [logits]);
    return new NextToken(runtime, state, rope, graph, logits, architecture.vocabulary);
  }

  /** Forgets what was read. */
  restart(): void {
    this.#read = [];
  }

  /**
   * Reads a token; the logits of the one after it, as many as the model has rows. Where all positions are taken, it goes on from
   * the later half of what was read.
   */
  async after(token: number): Promise<Float32Array> {
    if (this.#read.length === this.state.capacity.maxNewTokens) {
      const [first = token] = this.#read;
      const kept = this.#read.slice(Math.ceil(this.#read.length / 2));
      this.#read = [];
      for (const one of [first, ...kept]) this.#step(one);
    }
    this.#step(token);
    return this.runtime.readback.readF32(this.graph.rangeOf(this.logits));
  }

  #step(token: number): void {
    const length = this.#read.length;
    const { maxNewTokens } = this.state.capacity;
    // What the step draws, the next one writes over.
    const sampling = { temperature: 1, topP: 1, topK: 0, endTokens: [], maxNewTokens, numTokens: this.numTokens };
    this.state.begin([{ promptFirst: 0, promptLength: 0, token, key: [0, 0, 0], length }], sampling);
    this.state.choose([0], 1);
    this.graph.program.submit();
    this.#read.push(token);
  }

  destroy(): void {
    this.graph.destroy();
    this.state.destroy();
    this.rope.destroy();
  }
}
