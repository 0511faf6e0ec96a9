// Multi-token prediction at depth one (DeepSeek-V3, arXiv 2412.19437 §2.2): a module beside the model that predicts, from the
// hidden state of a token and the token after it, the one after that. Embedding and head are the model's own.
//   x_i = M [RMSNorm(Emb(t_{i+1})) ; RMSNorm(h_i)],  h'_i = Layer(x)_i,  P(t_{i+2}) = Head(RMSNorm(h'_i))
// h_i is what the model's last norm gives; the embedding stands first, as in the released weights and in vLLM.
import type { Graph, Tensor } from '../graph/graph';
import { beside } from '../graph/operations/beside';
import { embed } from '../graph/operations/embed';
import { linear } from '../graph/operations/linear';
import { rmsNorm } from '../graph/operations/pointwise';
import { mtpBlocks } from './blocks';
import { type ForwardHooks, forwardLayer } from './network';
import type { BatchTensors } from './packedBatch';
import { mtpPrefix } from './parameterShapes';
import type { RopeTables } from './ropeTables';
import type { Weights } from './weights';

/**
 * Records the module's pass over a batch.
 *
 * @param hidden (N, D), after the model's last norm.
 * @param embedding (V, D): the model's table.
 * @returns (N, D), for the head: row i predicts the token after the target of place i. Where a text ends, a row is of no account.
 */
export function forwardMtp(
  g: Graph,
  weights: Weights,
  batch: BatchTensors,
  tables: RopeTables,
  { hidden, embedding }: { readonly hidden: Tensor; readonly embedding: Tensor },
  hooks: ForwardHooks = {},
): Tensor {
  const { architecture } = weights;
  const [blocks, epsilon] = [mtpBlocks(architecture), architecture.mtp?.epsilon];
  if (!blocks || epsilon === undefined) throw new Error('the model has no module that predicts further tokens');
  const parameter = (name: string) => weights.parameter(g, `${mtpPrefix(architecture)}mtp.${name}.weight`);
  const next = rmsNorm(g, embed(g, batch.targets, embedding), parameter('embeddingNorm'), epsilon);
  const state = rmsNorm(g, hidden, parameter('hiddenNorm'), epsilon);
  const x = linear(g, 'mtp join', beside(g, next, state), parameter('join'));
  const h = forwardLayer({ g, weights, batch, tables, hooks }, blocks, x);
  return rmsNorm(g, h, parameter('norm'), epsilon);
}
