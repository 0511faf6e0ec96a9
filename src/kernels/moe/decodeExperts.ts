// The feed-forward layer of a decode step in two dispatches: gate and up, down. A dense layer is one without routing.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { inVectors } from '../layout/vectors';
import type { DecodeNorm } from '../matmul/decodeLinear';

/** Widths of a feed-forward layer, and where its matrices start among the parameters. */
export interface DecodeFfnShape {
  readonly rows: number;
  readonly width: number;
  /** Absent in a dense layer. */
  readonly routed?: {
    readonly numExperts: number;
    readonly topK: number;
    /** Hidden width of one expert. */
    readonly hidden: number;
    readonly gateUpAt: number;
    readonly downAt: number;
  };
  /** What every row passes through: the shared experts, or a dense layer. */
  readonly shared?: { readonly hidden: number; readonly gateUpAt: number; readonly downAt: number };
}

/** Hidden numbers of a row. */
export function decodeHidden({ routed, shared }: DecodeFfnShape): number {
  return (routed ? routed.topK * routed.hidden : 0) + (shared?.hidden ?? 0);
}

/**
 * x (B, D), experts (B, K) → y (B, hidden) = silu(gate)·up of norm(x), the chosen experts' one after the other, then
 * the shared's.
 */
export function decodeGateUp<T>(
  s: DecodeFfnShape & { norm: DecodeNorm },
  bindings: { x: T; pool: T; experts?: T; y: T },
): Dispatch<T> {
  const { constants, conditions } = inVectors({ depth: s.width });
  const { topK, hidden } = s.routed ?? { topK: 0, hidden: 0 };
  const pairs = topK * Math.ceil(hidden / 2) + Math.ceil((s.shared?.hidden ?? 0) / 2);
  return {
    label: 'Decode.gateUp',
    kernel: {
      shader: 'decode_gate_up',
      constants: { TOP_K: topK, ROUTED: hidden, SHARED: s.shared?.hidden ?? 0 },
      conditions: { ...conditions, routed: s.routed !== undefined },
    },
    params: {
      rows: s.rows,
      ...constants,
      num_experts: s.routed?.numExperts ?? 0,
      norm_at: s.norm.at,
      routed_at: s.routed?.gateUpAt ?? 0,
      shared_at: s.shared?.gateUpAt ?? 0,
      epsilon: s.norm.epsilon,
    },
    bindings: bindings as Record<string, T>,
    workgroups: grid(s.rows * pairs),
  };
}

/** hidden (B, hidden), experts and weights (B, K), residual (B, D) → y (B, D) = residual + Σ weight·down·hidden. */
export function decodeDown<T>(
  s: DecodeFfnShape,
  bindings: { hidden: T; pool: T; experts?: T; weights?: T; residual: T; y: T },
): Dispatch<T> {
  const { constants: widths, conditions } = inVectors({
    routed_width: s.routed?.hidden ?? 0,
    shared_width: s.shared?.hidden ?? 0,
  });
  return {
    label: 'Decode.down',
    kernel: {
      shader: 'decode_down',
      conditions: { ...conditions, routed: s.routed !== undefined },
    },
    params: {
      rows: s.rows,
      columns: s.width,
      num_experts: s.routed?.numExperts ?? 0,
      top_k: s.routed?.topK ?? 0,
      ...widths,
      routed_at: s.routed?.downAt ?? 0,
      shared_at: s.shared?.downAt ?? 0,
    },
    bindings: bindings as Record<string, T>,
    workgroups: grid(s.rows * Math.ceil(s.width / 4)),
  };
}
