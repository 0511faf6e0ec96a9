// Which routed experts each token of a text is sent to. Decoding keeps nothing of it: the text is read once more, in one forward
// pass, when somebody wants to know.
import { CompiledGraph } from '../graph/compile';
import { Graph } from '../graph/graph';
import type { Routing } from '../graph/operations/experts';
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
    const looked = routings.flatMap(({ experts, weights: shares }) => [experts, shares]);
    pass = await CompiledGraph.compile(device, `ExpertChoice:${ids.length}`, g, looked);
    batch.write([ids]);
    pass.program.submit();
    const parts = await readback.read(looked.map(pass.rangeOf, pass));
    return routings.map(({ shape }, i) => ({
      layer: weights.moeLayers[i] as number,
      numExperts: shape.numExperts,
      topK: shape.topK,
      experts: new Uint32Array(parts[2 * i] as ArrayBuffer),
      weights: new Float32Array(parts[2 * i + 1] as ArrayBuffer),
    }));
  } finally {
    pass?.destroy();
    batch.destroy();
    rope.destroy();
  }
}
