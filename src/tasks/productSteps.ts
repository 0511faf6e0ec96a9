// Steps of a product. Each pair of places of its factors is one partial product to be written; their sums are those of a pool.
import { isTrue, judgeAlone, readCalculation, valueOfResult } from './calculation';
import type { Standing } from './standing';
import { followSum, type Pool } from './sumSteps';

/** The digits other than 0, each with its place: 307 → [300, 7]; of zero, zero. */
export function placesOf(number: number): number[] {
  const digits = [...`${number}`];
  const places = digits.map((digit, index) => Number(digit) * 10 ** (digits.length - 1 - index));
  return number === 0 ? [0] : places.filter((place) => place > 0);
}

/** `300*4`: a place of each factor. */
type Pair = `${number}*${number}`;

export function productStanding(a: number, b: number): Standing {
  const pairs = placesOf(a).flatMap((left) => placesOf(b).map((right): Pair => `${left}*${right}`));
  return standingAt(pairs, { values: [], running: undefined });
}

/** @param open pairs that no partial product has had yet. */
function standingAt(open: readonly Pair[], pool: Pool): Standing {
  const standing: Standing = {
    missing: 2 * open.length + pool.values.length - 1,
    follow(line) {
      const partial = readCalculation(line);
      if (partial?.operator === '*') {
        const { left, right } = partial;
        const taken = pairsOf(left, right, open) ?? pairsOf(right, left, open);
        if (!taken) return { mark: judgeAlone(line), next: standing };
        const result = valueOfResult(partial);
        const next = { values: [...pool.values, result], running: pool.running ?? result };
        const rest = open.filter((pair) => !taken.has(pair));
        return { mark: isTrue(partial) ? 'right' : 'wrong', next: standingAt(rest, next) };
      }
      const step = followSum(pool, line);
      if (!step) return { mark: judgeAlone(line), next: standing };
      return { mark: step.mark, next: standingAt(open, step.pool) };
    },
  };
  return standing;
}

/** All pairs of the places of two numbers, `37*4` being that of 30 and that of 7; undefined if one is not open. */
function pairsOf(left: bigint, right: bigint, open: readonly Pair[]): Set<Pair> | undefined {
  if (left < 0n || right < 0n || left > Number.MAX_SAFE_INTEGER || right > Number.MAX_SAFE_INTEGER) return undefined;
  const places = placesOf(Number(right));
  const pairs = placesOf(Number(left)).flatMap((one) => places.map((other): Pair => `${one}*${other}`));
  return pairs.every((pair) => open.includes(pair)) ? new Set(pairs) : undefined;
}
