// SwiGLU: y = silu(gate) · up, silu(x) = x · σ(x) (Shazeer, arXiv 2002.05202). Gate and up come from one product, so a row of
// the input is [gate (I) | up (I)].
import { at, type Numbers } from './array';

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** x (N, 2I) → y (N, I). */
export function swiglu(x: Numbers, width: number): Float64Array {
  const y = new Float64Array(x.length / 2);
  for (let i = 0; i < y.length; i++) {
    const gateAt = Math.floor(i / width) * 2 * width + (i % width);
    const gate = at(x, gateAt);
    y[i] = gate * sigmoid(gate) * at(x, gateAt + width);
  }
  return y;
}

/** dy (N, I), x (N, 2I) → dx (N, 2I). */
export function swigluBackward(dy: Numbers, x: Numbers, width: number): Float64Array {
  const dx = new Float64Array(x.length);
  for (let i = 0; i < dy.length; i++) {
    const gateAt = Math.floor(i / width) * 2 * width + (i % width);
    const gate = at(x, gateAt);
    const s = sigmoid(gate);
    dx[gateAt] = at(dy, i) * at(x, gateAt + width) * s * (1 + gate * (1 - s));
    dx[gateAt + width] = at(dy, i) * gate * s;
  }
  return dx;
}
