// How large the problems are that a model solves: accuracy by size on held-out problems, and the frontier.
import type { SamplingOptions } from '../../engine/generateRequest';
import type { Generator } from '../../engine/generator';
import type { LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import { rng } from '../../lib/rng';
import { drawOfSize, type SizedProblems } from '../../tasks/proposals';
import { evaluate } from '../evaluation/evaluate';

export interface SizeAccuracy {
  readonly size: number;
  readonly accuracy: number;
  readonly problems: number;
}

export interface Frontier {
  /** From the smallest size on. */
  readonly bySize: readonly SizeAccuracy[];
  /** The largest size up to which every one is solved in at least half of the cases; one below the smallest where none is. */
  readonly frontier: number;
}

const SOLVED = 0.5;

/** @param count held-out problems of each size, the same ones for the same seed, answered once each. */
export async function measureFrontier(
  runtime: Runtime,
  model: LanguageModel,
  generator: Generator,
  sampling: SamplingOptions,
  problems: SizedProblems,
  { seed, count }: { readonly seed: number; readonly count: number },
): Promise<Frontier> {
  const drawn = problems.sizes.flatMap((size) =>
    Array.from({ length: count }, (_, i) => drawOfSize(problems, size, 'held-out', rng(seed, 'evaluate', size, i))),
  );
  const { answers } = await evaluate(runtime, model, generator, problems.task, drawn, sampling, seed);
  const bySize = problems.sizes.map((size, place) => {
    const own = answers.slice(place * count, (place + 1) * count);
    return { size, accuracy: own.filter(({ verdict }) => verdict.correct).length / count, problems: count };
  });
  return { bySize, frontier: frontierOf(bySize) };
}

export function frontierOf(bySize: readonly SizeAccuracy[]): number {
  const first = bySize.findIndex(({ accuracy }) => accuracy < SOLVED);
  const solved = first < 0 ? bySize : bySize.slice(0, first);
  return solved.at(-1)?.size ?? (bySize[0]?.size ?? 1) - 1;
}
