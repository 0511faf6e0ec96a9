// A mixture of experts (DeepSeekMoE, arXiv 2401.06066): each token goes to the best of the routed ones, and through the shared.
import type { Tensor } from '../../graph/graph';
import { experts, route } from '../../graph/operations/experts';
import { linear } from '../../graph/operations/linear';
import { sort } from '../../graph/operations/sort';
import { TILE_ROWS } from '../../kernels/matmul/matmul';
import { sortSizes } from '../../kernels/moe/countingSort';
import { type DecodeFfnShape, decodeDown, decodeGateUp, decodeHidden } from '../../kernels/moe/decodeExperts';
import { moeCombine } from '../../kernels/moe/moeCombine';
import {
  canRouteSorted,
  moeRoute,
  moeRouteSorted,
  type RouterShape,
  routeSlots,
  type WithShared,
} from '../../kernels/moe/moeRoute';
import type { ExpertsFeedForward } from '../architecture';
import {
  type Block,
  type BlockParameter,
  countElements,
  type LayerStep,
  norm,
  normParameter,
  type StepExperts,
} from '../block';
import { swigluForward, swigluParameters, swigluPlaces } from './dense';

function parameters(f: ExpertsFeedForward, width: number): BlockParameter[] {
  const { numExperts, hidden } = f;
  const gateUp = { name: 'experts.gateUp.weight', shape: [numExperts, 2 * hidden, width] };
  const down = { name: 'experts.down.weight', shape: [numExperts, width, hidden] };
  const expert = (e: number): BlockParameter[] => [
    { name: `experts.${e}.gate.weight`, shape: [hidden, width], within: gateUp },
    { name: `experts.${e}.up.weight`, shape: [hidden, width], within: gateUp },
    { name: `experts.${e}.down.weight`, shape: [width, hidden], within: down },
  ];
  return [
    normParameter('norm', width),
    { name: 'router.weight', shape: [numExperts, width] },
    ...(f.hasSelectionBias ? [{ name: 'router.selectionBias', shape: [numExperts] }] : []),
    ...Array.from({ length: numExperts }, (_, e) => expert(e)).flat(),
    ...(f.numShared > 0 ? swigluParameters('shared.', hidden * f.numShared, width) : []),
  ];
}

function routerShape(f: ExpertsFeedForward, rows: number): RouterShape {
  const { numExperts, topK, numGroups, keptGroups, isNormalized, scores: scoring, scale } = f;
  return { rows, numExperts, topK, numGroups, keptGroups, isNormalized, scoring, scale };
}

export const expertsFeedForward: Block<ExpertsFeedForward> = {
  parameters,
  cost(f, width) {
    const idle = (f.numExperts - f.topK) * 3 * f.hidden * width + (f.hasSelectionBias ? f.numExperts : 0);
    return { active: countElements(parameters(f, width)) - idle, perKey: 0, cacheBytes: 0 };
  },

  forward(pass, f, epsilon, h) {
    const { g, rows, numTokens } = pass;
    const x = norm(pass, 'norm', h, epsilon);
    const { bias, load, stepLoad } = pass.router(f.numExperts);
    const routing = route(g, routerShape(f, rows), {
      logits: linear(g, 'router', x, pass.parameter('router.weight')),
      ...(f.scores === 'sigmoid' && { bias }),
      numTokens,
      load,
      stepLoad,
    });
    pass.onRouting(routing);
    const gateUp = pass.parameter('experts.gateUp.weight');
    const down = pass.parameter('experts.down.weight');
    const residual = f.numShared > 0 ? swigluForward(pass, 'shared.', x, h) : h;
    return experts(g, routing, { x, gateUp, down, residual });
  },

  decode: (step, f, epsilon, h) => (step.hasMany ? decodeSorted : decodeFew)(step, f, epsilon, h),
};

/** Logits of the router (B, E). */
function routerLogits(step: LayerStep, epsilon: number, h: Tensor): Tensor {
  return step.linear('router', h, [step.matrix('router')], { norm: step.norm('norm.weight', epsilon) });
}

/** A row at a time: each reads the matrices of its own experts. */
function decodeFew(step: LayerStep, f: ExpertsFeedForward, epsilon: number, h: Tensor): Tensor {
  const { g, rows } = step;
  const { numExperts, topK, numShared } = f;
  const poolWith = (name: string, ...rest: string[]) =>
    step.poolWith(...rest, `experts.${name}`, ...(numShared > 0 ? [`shared.${name}`] : []));
  const shape: DecodeFfnShape = {
    rows,
    width: h.shape[1] as number,
    ...(numShared > 0 && { shared: swigluPlaces(step, 'shared.', numShared * f.hidden) }),
    routed: { numExperts, topK, ...swigluPlaces(step, 'experts.', f.hidden) },
  };
  const routing = routed(step, f, routerLogits(step, epsilon, h), routerShape(f, rows));
  const hidden = g.tensor('hidden', [rows, decodeHidden(shape)]);
  const y = g.tensor('residual', h.shape);
  const norm = step.norm('norm.weight', epsilon);
  g.emit(
    decodeGateUp(
      { ...shape, norm },
      { x: h, pool: poolWith('gateUp.weight', 'norm.weight'), experts: routing.experts, y: hidden },
    ),
    decodeDown(shape, { hidden, pool: poolWith('down.weight'), ...routing, residual: h, y }),
  );
  return y;
}

/** So many rows that those of an expert are put together and multiplied at once. */
function decodeSorted(step: LayerStep, f: ExpertsFeedForward, epsilon: number, h: Tensor): Tensor {
  const { g, rows } = step;
  const sorted = routedSorted(step, f, routerLogits(step, epsilon, h));
  const slotsPerRow = f.topK + f.numShared;
  /** The shared experts' matrix is called `sharedName`. */
  const shapeOf = (sharedName: string): StepExperts => ({
    numExperts: f.numExperts,
    slotsPerRow,
    shared: f.numShared > 0 ? { count: f.numShared, ...step.place(sharedName) } : undefined,
  });
  const hidden = step.linear('experts gate_up', h, [step.matrix('experts.gateUp')], {
    norm: step.norm('norm.weight', epsilon),
    isGated: true,
    sorted,
    gathers: true,
    experts: shapeOf('shared.gateUp.weight'),
  });
  const down = step.linear('experts down', hidden, [step.matrix('experts.down')], {
    sorted,
    experts: shapeOf('shared.down.weight'),
  });
  const y = g.tensor('residual', h.shape);
  const { place, weights } = sorted;
  const combine = { rows, width: h.shape[1] as number, topK: slotsPerRow };
  g.emit(moeCombine(combine, { x: down, place, weights, y, addend: h }));
  return y;
}

/** What the router reads and writes; counts the tokens that it sends to each expert. */
function routeTensors(step: LayerStep, f: ExpertsFeedForward, logits: Tensor, slotsPerRow: number) {
  const { bias, load } = step.router(f.numExperts);
  return {
    logits,
    ...(f.scores === 'sigmoid' && { bias }),
    num_tokens: step.numTokens,
    weights: step.g.tensor('expert weights', [step.rows, slotsPerRow]),
    load,
  };
}

/** The experts of each row (B, K + shared) and their weights. */
function routed(step: LayerStep, f: ExpertsFeedForward, logits: Tensor, s: WithShared) {
  const slotsPerRow = s.topK + (s.numShared ?? 0);
  const experts = step.g.tensor('experts', [step.rows, slotsPerRow]);
  const tensors = routeTensors(step, f, logits, slotsPerRow);
  step.g.emit(moeRoute(s, { ...tensors, experts }));
  return { experts, weights: tensors.weights };
}

/** The same, shared experts too, sorted by expert. */
function routedSorted(step: LayerStep, f: ExpertsFeedForward, logits: Tensor) {
  const { g, rows } = step;
  const shape = { ...routerShape(f, rows), numShared: f.numShared };
  const slots = routeSlots(shape, TILE_ROWS);
  if (!canRouteSorted(shape, TILE_ROWS)) {
    const routing = routed(step, f, logits, shape);
    return { ...sort(g, routing.experts, slots), weights: routing.weights };
  }
  const { places, tiles } = sortSizes(slots);
  const order = g.tensor('sort order', [places]);
  const place = g.tensor('sort place', [slots.size]);
  const tileKey = g.tensor('sort tile key', [tiles]);
  const { bias, ...tensors } = routeTensors(step, f, logits, f.topK + f.numShared);
  if (!bias) throw new Error('a router that sorts at once needs a selection bias');
  g.emit(moeRouteSorted(shape, TILE_ROWS, { ...tensors, bias, order, place, tile_key: tileKey }));
  return { order, place, tileKey, places, weights: tensors.weights };
}
