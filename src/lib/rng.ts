// Counter-based random numbers: every draw is a pure function of (seed, purpose, …counters), so a draw does not
// depend on what was drawn before it. shaders/lib/rng.wgsl computes the same bits on the GPU.

/** What a draw is for; a purpose never shares a stream with another. */
export const PURPOSE = {
  problem: 1,
  corpus: 2,
  init: 3,
  rollout: 4,
  shuffle: 5,
  evaluate: 6,
  ask: 7,
  split: 8,
  stage: 9,
  reject: 10,
  mix: 11,
  miniBatch: 12,
  hiddenCases: 13,
  game: 14,
  prefer: 15,
} as const;
export type Purpose = keyof typeof PURPOSE;

/** PCG4D, a 4→4 integer hash (Jarzynski & Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020). */
export function pcg4d(x: number, y: number, z: number, w: number): [number, number, number, number] {
  x = (Math.imul(x, 1664525) + 1013904223) | 0;
  y = (Math.imul(y, 1664525) + 1013904223) | 0;
  z = (Math.imul(z, 1664525) + 1013904223) | 0;
  w = (Math.imul(w, 1664525) + 1013904223) | 0;
  x = (x + Math.imul(y, w)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  w = (w + Math.imul(y, z)) | 0;
  x ^= x >>> 16;
  y ^= y >>> 16;
  z ^= z >>> 16;
  w ^= w >>> 16;
  x = (x + Math.imul(y, w)) | 0;
  y = (y + Math.imul(z, x)) | 0;
  z = (z + Math.imul(x, y)) | 0;
  w = (w + Math.imul(y, z)) | 0;
  return [x >>> 0, y >>> 0, z >>> 0, w >>> 0];
}

/** A stream of draws. Streams forked with different counters are independent. */
export interface Rng {
  /** An integer in [0, 2³²). */
  nextU32(): number;
  /** A number in [0, 1) with 24 random bits. */
  uniform(): number;
  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** One of the items, each equally likely. */
  pick<T>(items: readonly T[]): T;
  /** A standard normal draw (Box–Muller). */
  normal(): number;
  /** True with probability p. */
  chance(p: number): boolean;
}

/** The stream of (seed, purpose, up to two counters). */
export function rng(seed: number, purpose: Purpose, first = 0, second = 0): Rng {
  const [k0, k1, k2] = pcg4d(seed >>> 0, PURPOSE[purpose], first >>> 0, second >>> 0);
  let counter = 0;
  const nextU32 = () => pcg4d(k0, k1, k2, counter++)[0];
  const uniform = () => (nextU32() >>> 8) / 2 ** 24;
  return {
    nextU32,
    uniform,
    integer: (low, high) => low + Math.floor(uniform() * (high - low + 1)),
    pick: (items) => items[Math.floor(uniform() * items.length)] as (typeof items)[number],
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    chance: (p) => uniform() < p,
  };
}

/** 0 … count − 1 in an order drawn from the stream (Fisher and Yates). */
export function shuffled(count: number, draw: Rng): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = draw.integer(0, i);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
