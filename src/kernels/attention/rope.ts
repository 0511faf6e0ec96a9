// Rotary position embedding; its gradient is the same turn backwards.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';

export interface RopeShape {
  readonly rows: number;
  readonly heads: number;
  /** Width of a head, of which `rope` numbers turn, from `at` on; the last ones, if that is not given. */
  readonly headWidth: number;
  readonly rope: number;
  readonly at?: number | undefined;
  readonly xStride: number;
  readonly xOffset?: number;
  readonly yStride: number;
  readonly yOffset?: number;
  readonly isInterleaved: boolean;
  readonly isBackward?: boolean;
}

/** table: (positions, rope/2) of (cos, sin); positions: (N). */
export function rope<T>(s: RopeShape, bindings: { x: T; table: T; positions: T; y: T }): Dispatch<T> {
  return {
    label: s.isBackward ? 'Rope.backward' : 'Rope.forward',
    kernel: { shader: 'rope' },
    params: {
      rows: s.rows,
      heads: s.heads,
      head_width: s.headWidth,
      rope: s.rope,
      rope_at: s.at ?? s.headWidth - s.rope,
      x_stride: s.xStride,
      x_offset: s.xOffset ?? 0,
      y_stride: s.yStride,
      y_offset: s.yOffset ?? 0,
      interleaved: s.isInterleaved ? 1 : 0,
      sign: s.isBackward ? -1 : 1,
    },
    bindings,
    workgroups: grid(s.rows * s.heads),
  };
}
