// Routers, their gradient, and the balancing of DeepSeek-V3's selection bias.
import type { Dispatch } from '../../device/dispatch';

import { grid } from '../layout/grid';
import { fewConstants, fitsWorkgroup, type SortShape, sortSizes } from './countingSort';

export interface RouterShape {
  readonly rows: number;
  readonly numExperts: number;
  readonly topK: number;
  readonly numGroups: number;
  readonly keptGroups: number;
  /** Whether the weights of the chosen are divided by their sum. */
  readonly isNormalized: boolean;
  /** Of logits: of each by itself, or over all experts. The softmax of the chosen logits alone is that of all, normalised. */
  readonly scoring: 'sigmoid' | 'softmax';
  /** routed_scaling_factor. */
  readonly scale: number;
}

/** As the router is asked in a decode step: with the shared experts as further ones that every token goes to. */
export type WithShared = RouterShape & { readonly numShared?: number };

type RouteTensors<T> = { logits: T; num_tokens: T; weights: T };

function routeLaunch(s: WithShared, constants: Record<string, number>, conditions: Record<string, boolean>) {
  const { numShared: SHARED = 0, topK: TOP_K } = s;
  return {
    label: 'Moe.route',
    kernel: { shader: 'moe_route', constants: { TOP_K, SHARED, ...constants }, conditions },
    params: {
      rows: s.rows,
      num_experts: s.numExperts,
      num_groups: s.numGroups,
      kept_groups: s.keptGroups,
      normalize: s.isNormalized ? 1 : 0,
      scale: s.scale,
      tile: 0,
      tiles: 0,
    },
  };
}

/** What a router with softmax scores is told; throws where experts are in groups. */
function softmaxParams(s: RouterShape) {
  if (s.numGroups > 1) throw new Error('experts with softmax scores have no groups');
  return { rows: s.rows, num_experts: s.numExperts, normalize: s.isNormalized ? 1 : 0, scale: s.scale };
}

/**
 * logits (N, E), bias (E) with sigmoid scores only, num_tokens (1) → experts and weights (N, K + numShared), the shared
 * ones last;
 * adds to load (E), if bound. Tokens past num_tokens get expert E + numShared.
 */
export function moeRoute<T>(
  s: WithShared,
  bindings: RouteTensors<T> & { bias?: T; experts: T; load?: T },
): Dispatch<T> {
  const counted = bindings.load !== undefined;
  const { numShared: SHARED = 0, topK: TOP_K } = s;
  const launch =
    s.scoring === 'sigmoid'
      ? routeLaunch(s, {}, { counted })
      : {
          label: 'Moe.route',
          kernel: { shader: 'softmax_route', constants: { TOP_K, SHARED }, conditions: { counted } },
          params: softmaxParams(s),
        };
  return { ...launch, bindings: bindings as Record<string, T>, workgroups: grid(s.rows) };
}

/** Slots of `s` as a counting sort takes them. */
export function routeSlots(s: WithShared, tile: number): SortShape {
  const numShared = s.numShared ?? 0;
  return { size: s.rows * (s.topK + numShared), buckets: s.numExperts + numShared, tile };
}

/** Whether routing and sorting are one dispatch: of so few slots that one workgroup sorts them, by sigmoid scores. */
export function canRouteSorted(s: WithShared, tile: number): boolean {
  return s.scoring === 'sigmoid' && fitsWorkgroup(routeSlots(s, tile));
}

/**
 * moeRoute and the counting sort of its slots by expert in one dispatch, for slots that `canRouteSorted`: order (places), place
 * (N, K + numShared), tile_key (tiles) as countingSort writes them; adds to load (E).
 */
export function moeRouteSorted<T>(
  s: WithShared,
  tile: number,
  bindings: RouteTensors<T> & { bias: T; load: T; order: T; place: T; tile_key: T },
): Dispatch<T> {
  const slots = routeSlots(s, tile);
  const { tiles } = sortSizes(slots);
  const launch = routeLaunch(s, fewConstants(slots), { sorted: true });
  return {
    ...launch,
    params: { ...launch.params, tile, tiles },
    bindings: bindings as Record<string, T>,
    workgroups: [1, 1, 1],
  };
}

/** d_logits (N, E) from d_weights (N, K). */
export function moeRouteBackward<T>(
  s: RouterShape,
  bindings: { logits: T; experts: T; d_weights: T; d_logits: T },
): Dispatch<T> {
  const isSigmoid = s.scoring === 'sigmoid';
  return {
    label: 'Moe.routeBackward',
    kernel: { shader: isSigmoid ? 'moe_route_backward' : 'softmax_route_backward', constants: { TOP_K: s.topK } },
    params: isSigmoid
      ? { rows: s.rows, num_experts: s.numExperts, normalize: s.isNormalized ? 1 : 0, scale: s.scale }
      : softmaxParams(s),
    bindings,
    workgroups: grid(s.rows),
  };
}

/** load (E) and step_load (E) += counts (E). */
export function moeLoad<T>(numExperts: number, bindings: { counts: T; load: T; step_load: T }): Dispatch<T> {
  const params = { num_experts: numExperts };
  return { label: 'Moe.load', kernel: { shader: 'moe_load' }, params, bindings, workgroups: grid(numExperts) };
}

/** bias (E) += speed · sign(mean(load) − load). */
export function moeBias<T>(s: { numExperts: number; speed: number }, bindings: { load: T; bias: T }): Dispatch<T> {
  const params = { num_experts: s.numExperts, speed: s.speed };
  return { label: 'Moe.bias', kernel: { shader: 'moe_bias' }, params, bindings, workgroups: grid(s.numExperts) };
}
