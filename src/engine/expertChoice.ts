// Which routed experts each token of a text is sent to. Decoding keeps nothing of it: the text is read once more, in one forward
// pass, when somebody wants to know.
import { CompiledGraph } from '../graph/compile';
import { Graph } from '../graph/graph';
import type { Routing } from '../graph/operations/experts';
import type { RouterShape } from '../kernels/moe/moeRoute';
import { forward } from '../model/network';
import { PackedBatch } from '../model/packedBatch';
import { RopeTables } from '../model/ropeTables';
import type { Weights } from '../model/weights';
import type { Runtime } from './runtime';

/** What the router of one MoE layer chose; the shared experts see every token. */
export interface LayerChoice {
  readonly layer: number;
  readonly numExperts: number;
  readonly topK: number;
  readonly router: Pick<RouterShape, 'scoring' | 'isNormalized' | 'scale' | 'numGroups' | 'keptGroups'>;
  /** (N, E) how well each expert suits the token, before the bias. */
  readonly scores: Float32Array;
  /** (E) what the choice adds to the scores; empty where the router has no bias. */
  readonly bias: Float32Array;
  /** (N, K) index of each token's routed experts, best first. */
  readonly experts: Uint32Array;
  /** (N, K) what each counts for. */
  readonly weights: Float32Array;
}

/**
 * The choice for each token id of one text, by MoE layer in order of depth. Adds to the weights' load counts as any pass does.
 * @param ids at most as many as the model has positions.
 * @throws OutOfMemoryError or DeviceTooSmallError.
 */
export async function readExpertChoice(
  { device, readback }: Runtime,
  weights: Weights,
  ids: readonly number[],
): Promise<LayerChoice[]> {
  if (weights.moeLayers.length === 0 || ids.length === 0) return [];
  const [batch, rope] = await device.guardMemory(() => [
    new PackedBatch(device, ids.length),
    new RopeTables(device, weights.architecture, ids.length),
  ]);
  let pass: CompiledGraph | undefined;
  try {
    const g = new Graph();
    const routings: Routing[] = [];
    forward(g, weights, batch.tensors(g), rope, { onRouting: (_, routing) => routings.push(routing) });
    const looked = routings.flatMap(({ experts, weights: shares, logits }) => [experts, shares, logits]);
    pass = await CompiledGraph.compile(device, `ExpertChoice:${ids.length}`, g, looked);
    batch.write([ids]);
    pass.program.submit();
    const biased = routings.map(({ shape: { scoring } }, i) =>
      scoring === 'sigmoid' ? weights.biasRange(weights.moeLayers[i] as number) : undefined,
    );
    const parts = await readback.read([
      ...looked.map(pass.rangeOf, pass),
      ...biased.filter((range) => range !== undefined),
    ]);
    const biases = parts.slice(looked.length);
    return routings.map(({ shape }, i) => {
      const { numExperts, topK } = shape;
      const bias = biased[i]
        ? new Float32Array(biases.shift() as ArrayBuffer).slice(0, numExperts)
        : new Float32Array(0);
      return {
        layer: weights.moeLayers[i] as number,
        numExperts,
        topK,
        router: shape,
        experts: new Uint32Array(parts[3 * i] as ArrayBuffer),
        weights: new Float32Array(parts[3 * i + 1] as ArrayBuffer),
        scores: scoresOf(new Float32Array(parts[3 * i + 2] as ArrayBuffer), shape),
        bias,
      };
    });
  } finally {
    pass?.destroy();
    batch.destroy();
    rope.destroy();
  }
}

/** The router's scores (N, E) of its logits, as its kernel makes them. */
function scoresOf(logits: Float32Array, { scoring, numExperts }: RouterShape): Float32Array {
  if (scoring === 'sigmoid') return logits.map((logit) => 1 / (1 + Math.exp(-logit)));
  const scores = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += numExperts) {
    const row = logits.subarray(start, start + numExperts);
    const largest = Math.max(...row);
    const powers = row.map((logit) => Math.exp(logit - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    scores.set(
      powers.map((power) => power / total),
      start,
    );
  }
  return scores;
}
