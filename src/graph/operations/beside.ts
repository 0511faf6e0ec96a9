// Two matrices side by side.
import { cacheAppend } from '../../kernels/attention/cacheAppend';
import { columns } from '../../kernels/elementwise/pointwise';
import type { Graph, Tensor } from '../graph';

/** a (N, A), b (N, B) → (N, A + B). */
export function beside(g: Graph, a: Tensor, b: Tensor): Tensor {
  const [rows, first] = a.shape as [number, number];
  const second = b.shape[1] as number;
  const y = g.tensor(`${a.label} beside ${b.label}`, [rows, first + second]);
  g.emit(cacheAppend({ rows, first, second }, { a, b, cache: y }));
  g.onBackward([y], (dy) => {
    for (const { part, at } of [
      { part: a, at: 0 },
      { part: b, at: first },
    ]) {
      const gradient = g.tensor(`d ${part.label}`, part.shape);
      const shape = { rows, count: part.shape[1] as number, first: at, stride: first + second };
      g.emit(columns('Beside.backward', shape, { x: dy, y: gradient }));
      g.addGradient(part, gradient);
    }
  });
  return y;
}
