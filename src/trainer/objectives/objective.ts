// What a model is trained for: the part of a training pass that comes after the forward pass. One file an objective: what it
// records, what it writes for a batch, and what it gives back.
import type { Graph, Tensor } from '../../graph/graph';
import type { Sequence } from '../packing';

/** What the forward pass over a batch gives. */
export interface ForwardOutputs {
  /** (N, D): after the last norm. */
  readonly hidden: Tensor;
  /** (V, D). */
  readonly head: Tensor;
  /** (N): the token to be predicted at each place. */
  readonly targets: Tensor;
  /** (N, D): what the module for further tokens gives the head, where the objective asks for it. */
  readonly further?: Tensor;
}

/** What an objective wants of a model's module for further tokens: that it learns with the model, or that it alone learns. */
export type MtpUse = 'joint' | 'alone';

/** A sequence in the batch, with the place that predicts its completion's first token. */
export type Placed<M> = M & { readonly first: number };

/** `Member` is what it must know of a sequence, `Settings` what holds for the whole batch. */
export interface Objective<Member extends Sequence, Settings> {
  /** Its programs and buffers have this name. */
  readonly name: string;
  /** Whether the pass goes on through the model's module for further tokens; it does not, if not given. */
  readonly mtp?: MtpUse | undefined;
  /** Records the loss, and the backward pass from it. */
  record(g: Graph, outputs: ForwardOutputs): void;
  /** Writes what the loss must know of the batch. */
  write(members: readonly Placed<Member>[], settings: Settings): void;
  /** Submits what goes before the pass: the scores that another model gives the batch. */
  prepare?(settings: Settings): void;
  destroy(): void;
}
