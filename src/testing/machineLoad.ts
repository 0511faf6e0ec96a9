// How much of the machine a test gets, for tests of what may take how long: others run beside it.

/** Milliseconds of processor time that this process, its threads included, has had. */
export function computedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Whether the machine has so much other work that the time on the wall says nothing. */
export function isStarved(): boolean {
  const [startMs, startComputedMs] = [performance.now(), computedMs()];
  while (computedMs() - startComputedMs < 50);
  return performance.now() - startMs > 1.5 * 50;
}
