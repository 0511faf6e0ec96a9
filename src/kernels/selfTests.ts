// What the twins are tested with on a device before they are used: rows that end inside a subgroup of any size, one past it, and
// beyond the team that shares a row.
import type { SelfTest } from '../gpu/twins';
import { rng } from '../lib/rng';
import { logProb } from './logProb';
import { rmsNorm, rmsNormBackward } from './rmsNorm';

type Data = Float32Array | Uint32Array;

function normals(count: number, seed: number): Float32Array {
  const stream = rng(seed, 'init');
  return Float32Array.from({ length: count }, () => stream.normal());
}

const zeros = (count: number) => new Float32Array(count);

/** In numbers; those that four divides are counted in fours. */
const WIDTHS = [257, 260, 319, 508, 513, 1028];
const ROWS = 5;

function norms(): SelfTest[] {
  return WIDTHS.flatMap((width) => {
    const shape = { rows: ROWS, width, xStride: width };
    const size = ROWS * width;
    const t = { x: normals(size, 1), weight: normals(width, 2) };
    const inverseRms = Float32Array.from({ length: ROWS }, (_, row) => 0.5 + row / ROWS);
    const backward = { ...t, inverse_rms: inverseRms, dy: normals(size, 3) };
    return [
      rmsNorm<Data>({ ...shape, epsilon: 1e-5 }, { ...t, y: zeros(size), inverse_rms: zeros(ROWS) }),
      rmsNormBackward<Data>({ ...shape, dxStride: width }, { ...backward, dx: zeros(size) }),
      rmsNormBackward<Data>({ ...shape, dxStride: width }, { ...backward, dx: zeros(size), addend: normals(size, 4) }),
    ];
  });
}

function logProbs(): SelfTest[] {
  return WIDTHS.flatMap((width) => {
    const shape = { rows: ROWS, vocabulary: 2 * width, temperature: 0.7 };
    const targets = Uint32Array.from({ length: ROWS }, (_, row) => row);
    const known = { logits: normals(ROWS * width, 1), targets };
    const results = () => ({ log_prob: zeros(ROWS), entropy: zeros(ROWS), log_sum_exp: zeros(ROWS) });
    const running = Float32Array.from({ length: ROWS * 4 }, (_, i) => 1 + i / ROWS);
    return [
      logProb<Data>({ ...shape, vocabulary: width }, { ...known, ...results() }),
      logProb<Data>({ ...shape, chunk: { first: width, columns: width } }, { ...known, ...results(), running }),
    ];
  });
}

/** Tests of every variant of every kernel with a twin. */
export function selfTests(): SelfTest[] {
  return [...norms(), ...logProbs()];
}
