// What the variants are tested with on a device before they are used: rows that end inside a subgroup of any size, one
// past it, and beyond the threads that share a row.
import { inHalfPrecision, type SelfTest } from '../../device/dispatch';
import { rng } from '../../lib/rng';
import { logProb } from '../loss/logProb';
import { rmsNorm, rmsNormBackward } from '../norm/rmsNorm';
import { gradNormPartial } from '../optimizer/adamw';
import { NO_ROLLOUT, NUM_ALTERNATIVES, packSampleSettings, ROLLOUT_WORDS, sample } from '../sampling/decode';

export type Data = Float32Array | Uint32Array;

export function normals(count: number, seed: number): Float32Array {
  const stream = rng(seed, 'init');
  return Float32Array.from({ length: count }, () => stream.normal());
}

export const zeros = (count: number) => new Float32Array(count);

/** The same with a weight in half precision: any bits do, but for those of an infinity or a NaN. */
export function withHalves(test: SelfTest, name: string): SelfTest {
  const stream = rng(5, 'init');
  const size = Math.ceil((test.bindings[name] as Data).length / 2);
  const weight = Uint32Array.from({ length: size }, () => stream.integer(0, 0x7fffffff) & 0xbbffbbff);
  return inHalfPrecision({ ...test, bindings: { ...test.bindings, [name]: weight } });
}

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
    const tests = [
      rmsNorm<Data>({ ...shape, epsilon: 1e-5 }, { ...t, y: zeros(size), inverse_rms: zeros(ROWS) }),
      rmsNormBackward<Data>({ ...shape, dxStride: width }, { ...backward, dx: zeros(size) }),
      rmsNormBackward<Data>({ ...shape, dxStride: width }, { ...backward, dx: zeros(size), addend: normals(size, 4) }),
    ];
    return [...tests, ...tests.map((test) => withHalves(test, 'weight'))];
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

/** Draws of every kind; a row of no rollout and one that is done must be left alone. */
function draws(): SelfTest[] {
  const [rows, maxNewTokens] = [4, 3];
  const settings = { temperature: 0.8, topP: 1, topK: 0, endTokens: [1, 5], maxNewTokens };
  return [
    { vocabulary: 1025 },
    { vocabulary: 1088, topK: 7 },
    { vocabulary: 1500, topP: 0.7 },
    { vocabulary: 2500, topK: 900, topP: 0.9 },
    { vocabulary: 1279, temperature: 0 },
  ].flatMap(({ vocabulary, ...changed }) => {
    const size = rows * maxNewTokens;
    const rollouts = Uint32Array.from({ length: rows * ROLLOUT_WORDS }, (_, i) => (i * 2654435761) >>> 7);
    for (let row = 0; row < rows; row++) rollouts.set([row % maxNewTokens, row === 2 ? 1 : 0], row * ROLLOUT_WORDS + 3);
    const bindings = {
      settings: packSampleSettings({ ...settings, numTokens: vocabulary - 3, ...changed }),
      live: Uint32Array.of(2, NO_ROLLOUT, 3, 0),
      logits: normals(rows * vocabulary, vocabulary),
      rollouts,
      tokens: new Uint32Array(size),
      log_probs: zeros(2 * size),
      entropies: zeros(size),
    };
    const alternatives = new Uint32Array(size * NUM_ALTERNATIVES * 2);
    const shape = { rows, vocabulary, maxNewTokens };
    return [sample<Data>(shape, bindings), sample<Data>(shape, { ...bindings, alternatives })];
  });
}

function gradientNorms(): SelfTest[] {
  return [4096, 4097, 8191, 12_289].map((size) =>
    gradNormPartial<Data>(
      { size, chunk: 4096 },
      { gradient: normals(size, 1), partials: zeros(Math.ceil(size / 4096)) },
    ),
  );
}

/** Tests of every variant of the kernels whose rows several threads share. */
export function rowReductionTests(): SelfTest[] {
  return [...norms(), ...logProbs(), ...draws(), ...gradientNorms()];
}
