// Which of several programs is the fastest on this device.
import type { Program } from './contract';

/** A measurement lasts at least this long, by as many runs as that takes: clocks of devices tick coarsely in browsers. */
const MEASUREMENT_MS = 4;
const MOST_RUNS = 64;
const TURNS = 3;

/**
 * Least milliseconds of one run of each program, by name. They run in turns, so that what slows the device for a while slows
 * all of them.
 */
export async function compareInTurns(programs: ReadonlyMap<string, Program>): Promise<Map<string, number>> {
  const contenders = await inTurns([...programs], async ([name, program]) => {
    await program.time(1); // the first run may find the device asleep
    const ms = await program.time(1);
    return { name, program, runs: Math.min(MOST_RUNS, Math.max(1, Math.ceil(MEASUREMENT_MS / ms))) };
  });
  const least = new Map<string, number>();
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { name, program, runs } of contenders) {
      const ms = (await program.time(runs)) / runs;
      least.set(name, Math.min(ms, least.get(name) ?? ms));
    }
  }
  return least;
}

async function inTurns<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
