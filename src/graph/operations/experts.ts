// Routed experts, all on the device: route, sort slots by expert, grouped products over the sorted rows, gather back.
// The backward pass runs over the same permutation.
import { matmulNN, matmulNT, TILE_ROWS } from '../../kernels/matmul/matmul';
import { moeCombine, moeCombineBackward, moeWeightsBackward } from '../../kernels/moe/moeCombine';
import { moeLoad, moeRoute, moeRouteBackward, type RouterShape } from '../../kernels/moe/moeRoute';
import type { Graph, Tensor } from '../graph';
import { gradientOperands, operandOf } from './fp8';
import { swiglu } from './pointwise';
import { type Sorted, sort } from './sort';
import { addWeightGradient } from './weightGradient';

export interface Routing {
  readonly shape: RouterShape;
  /** (N, E): what the experts' scores are made of. */
  readonly logits: Tensor;
  readonly sorted: Sorted;
  /** (N, K), best first. */
  readonly experts: Tensor;
  /** (N, K) */
  readonly weights: Tensor;
}

/** Chooses experts by logits (N, E) and, of sigmoid scores, bias (E), and adds the choice to load and stepLoad (E). */
export function route(
  g: Graph,
  shape: RouterShape,
  t: { logits: Tensor; bias?: Tensor; numTokens: Tensor; load: Tensor; stepLoad: Tensor },
): Routing {
  const { rows, topK, numExperts } = shape;
  const experts = g.tensor('experts', [rows, topK]);
  const weights = g.tensor('expert weights', [rows, topK]);
  const bias = t.bias && { bias: t.bias };
  g.emit(moeRoute(shape, { logits: t.logits, ...bias, num_tokens: t.numTokens, experts, weights }));
  const sorted = sort(g, experts, { size: rows * topK, buckets: numExperts, tile: TILE_ROWS });
  g.emitOnce(moeLoad(numExperts, { counts: sorted.counts, load: t.load, step_load: t.stepLoad }));
  g.onBackward([weights], (dWeights) => {
    const dLogits = g.tensor('d router logits', t.logits.shape);
    g.emit(moeRouteBackward(shape, { logits: t.logits, experts, d_weights: dWeights, d_logits: dLogits }));
    g.addGradient(t.logits, dLogits);
  });
  return { shape, logits: t.logits, sorted, experts, weights };
}

/** One projection of every expert over its own rows. `gathered`: x has a row a token, not a row a place. */
function expertLinear(g: Graph, label: string, routing: Routing, x: Tensor, weight: Tensor, gathered: boolean): Tensor {
  const { sorted, shape } = routing;
  const [numExperts, columns, depth] = weight.shape as [number, number, number];
  const { offsets, counts, tileKey: tileExpert } = sorted;
  const segments = { numExperts, offsets, counts };
  const grouping = { ...segments, tileExpert };
  const gather = gathered ? { gather: { rowOf: sorted.order, slotsPerRow: shape.topK } } : {};
  const y = g.tensor(label, [sorted.places, columns]);
  const rows = sorted.places;
  g.emit(
    matmulNT({
      ...{ label: `Experts.forward:${label}`, rows, columns, depth, grouping, ...gather },
      ...{ a: operandOf(g, x, depth, weight), b: weight, y },
    }),
  );
  g.onBackward([y], (dy) => {
    const dRows = g.tensor(`d ${label} rows`, [sorted.places, depth]);
    const a = operandOf(g, dy, columns, weight);
    const product = { rows, columns: depth, depth: columns, a, b: weight, y: dRows, grouping };
    g.emit(matmulNN({ label: `Experts.backward:${label}`, ...product }));
    if (weight.gradient) {
      const operands = gradientOperands(g, { weight, x, dy, rows, grouping, ...gather });
      addWeightGradient(g, {
        label: `Experts.weightBackward:${label}`,
        rows,
        columnsA: columns,
        columnsB: depth,
        a: operands.dy,
        b: operands.x,
        y: weight.gradient,
        segments,
        ...(operands.gather && { gather: operands.gather }),
      });
    }
    if (!gathered) {
      g.addGradient(x, dRows);
      return;
    }
    const combine = { rows: shape.rows, width: depth, topK: shape.topK };
    g.growGradient(x, (dx, before) => {
      g.emit(moeCombine(combine, { x: dRows, place: sorted.place, y: dx, addend: before }));
    });
  });
  return y;
}

/** residual (N, D) + Σ over a token's experts of weight · SwiGLU expert. x (N, D), gateUp (E, 2F, D), down (E, D, F) → (N, D). */
export function experts(
  g: Graph,
  routing: Routing,
  t: { x: Tensor; gateUp: Tensor; down: Tensor; residual: Tensor },
): Tensor {
  const { x, gateUp, down, residual } = t;
  const { sorted, weights, shape } = routing;
  const width = x.shape[1] as number;
  const hidden = swiglu(g, expertLinear(g, 'gate_up', routing, x, gateUp, true));
  const rows = expertLinear(g, 'down', routing, hidden, down, false);
  const combine = { rows: shape.rows, width, topK: shape.topK };
  const y = g.tensor('experts', x.shape);
  g.emit(moeCombine(combine, { x: rows, place: sorted.place, weights, y, addend: residual }));
  g.onBackward([y], (dy) => {
    g.addGradient(residual, dy);
    const dRows = g.tensor('d expert rows', rows.shape);
    const dWeights = g.tensor('d expert weights', weights.shape);
    g.emit(
      moeCombineBackward({ ...combine, rows: sorted.places }, { order: sorted.order, weights, dy, dx: dRows }),
      moeWeightsBackward(combine, { x: rows, place: sorted.place, dy, d_weights: dWeights }),
    );
    g.addGradient(rows, dRows);
    g.addGradient(weights, dWeights);
  });
  return y;
}
