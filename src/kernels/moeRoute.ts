// DeepSeek-V3's router, its gradient, and the balancing of its selection bias.
import type { Dispatch } from '../gpu/kernel';
import { grid } from './grid';
import type { Layout } from './matmul';

export interface RouterShape {
  readonly rows: number;
  readonly numExperts: number;
  readonly topK: number;
  readonly numGroups: number;
  readonly keptGroups: number;
  readonly isNormalized: boolean;
  /** routed_scaling_factor. */
  readonly scale: number;
}

/**
 * logits (N, E), bias (E), num_tokens (1) → experts (N, K), weights (N, K); adds to load (E), if bound. Tokens past num_tokens get
 * expert E.
 */
export function moeRoute<T>(
  s: RouterShape & { readonly logitsLayout?: Layout },
  bindings: { logits: T; bias: T; num_tokens: T; experts: T; weights: T; load?: T },
): Dispatch<T> {
  return {
    label: 'Moe.route',
    kernel: {
      shader: 'moe_route',
      constants: { TOP_K: s.topK },
      conditions: { counted: bindings.load !== undefined },
    },
    params: {
      rows: s.rows,
      num_experts: s.numExperts,
      logits_stride: s.logitsLayout?.stride ?? s.numExperts,
      logits_offset: s.logitsLayout?.offset ?? 0,
      num_groups: s.numGroups,
      kept_groups: s.keptGroups,
      normalize: s.isNormalized ? 1 : 0,
      scale: s.scale,
    },
    bindings: bindings as Record<string, T>,
    workgroups: grid(s.rows),
  };
}

/** d_logits (N, E) from d_weights (N, K). */
export function moeRouteBackward<T>(
  s: RouterShape,
  bindings: { logits: T; experts: T; d_weights: T; d_logits: T },
): Dispatch<T> {
  return {
    label: 'Moe.routeBackward',
    kernel: { shader: 'moe_route_backward', constants: { TOP_K: s.topK } },
    params: { rows: s.rows, num_experts: s.numExperts, normalize: s.isNormalized ? 1 : 0, scale: s.scale },
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
