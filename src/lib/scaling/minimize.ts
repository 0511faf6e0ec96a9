// The least value of a function of a few numbers, without derivatives.

/** Reflection, expansion, contraction and shrinkage of Nelder & Mead (The Computer Journal 7, 1965). */
const [REFLECT, EXPAND, CONTRACT, SHRINK] = [1, 2, 0.5, 0.5];

interface Vertex {
  readonly at: readonly number[];
  readonly value: number;
}

export interface MinimizeOptions {
  /** Length of the first simplex's edges. */
  readonly step?: number;
  readonly maxEvaluations?: number;
  /** Ends where the simplex's values differ by no more. */
  readonly tolerance?: number;
}

/**
 * The downhill simplex from a start, begun anew at what it found until that gains nothing more: a simplex may collapse early.
 * A value that is not finite counts as the worst.
 */
export function minimize(
  f: (at: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, maxEvaluations = 4000, tolerance = 1e-12 }: MinimizeOptions = {},
): Vertex {
  let left = maxEvaluations;
  const look = (at: readonly number[]): Vertex => {
    left--;
    const value = f(at);
    return { at, value: Number.isFinite(value) ? value : Infinity };
  };
  let best = look(start);
  for (let size = step; left > 0; size /= 2) {
    const before = best.value;
    best = descend(look, best, size, tolerance, () => left > 0);
    if (before - best.value <= tolerance * (1 + Math.abs(best.value)) && size < step) break;
  }
  return best;
}

function descend(
  look: (at: readonly number[]) => Vertex,
  start: Vertex,
  step: number,
  tolerance: number,
  goesOn: () => boolean,
): Vertex {
  const n = start.at.length;
  const moved = (i: number) => start.at.map((x, j) => (i === j ? x + step : x));
  let simplex = [start, ...start.at.map((_, i) => look(moved(i)))];
  while (goesOn()) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0] as Vertex;
    const worst = simplex[n] as Vertex;
    if (worst.value - best.value <= tolerance) break;
    const centre = best.at.map((_, j) => simplex.slice(0, n).reduce((sum, { at }) => sum + (at[j] as number), 0) / n);
    const along = (factor: number) => look(centre.map((x, j) => x + factor * ((worst.at[j] as number) - x)));
    const reflected = along(-REFLECT);
    if (reflected.value < best.value) {
      const expanded = along(-EXPAND);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < (simplex[n - 1] as Vertex).value) {
      simplex[n] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? -CONTRACT : CONTRACT);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[n] = contracted;
      else {
        const shrunk = ({ at }: Vertex) =>
          at.map((x, j) => (best.at[j] as number) + SHRINK * (x - (best.at[j] as number)));
        simplex = [best, ...simplex.slice(1).map((vertex) => look(shrunk(vertex)))];
      }
    }
  }
  return simplex.reduce((least, vertex) => (vertex.value < least.value ? vertex : least));
}
