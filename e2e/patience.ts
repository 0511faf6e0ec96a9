// The longest that a reader of the story waits, while something is at work, for something new to see.
import type { Page } from '@playwright/test';
import { computedMs } from '../src/testing/machineLoad';

/** No chapter leaves the reader waiting longer. */
const MOST_MS = 2000;
/** What the test computes each second, to find out how much of a processor there is. */
const SPIN_MS = 30;

interface Wait {
  readonly ms: number;
  /** What the reader saw last before it. */
  readonly after: string;
  readonly hash: string;
}

/**
 * Watches what a reader sees of a chapter while a button of it is at work. The returned function gives the longest wait and
 * what it may be: two seconds, and as much longer as the machine is busy. On a quiet machine a spin of the test gets a processor
 * to itself; where it gets a third of one, what the page computes gets no more.
 */
export async function watchPatience(page: Page): Promise<() => Promise<{ longest: Wait; mostMs: number }>> {
  await page.addInitScript(() => {
    const waits: Wait[] = [];
    let [lastMs, isBusy, seen] = [performance.now(), false, ''];
    const look = () => {
      const article = document.querySelector('article');
      // Bars grow by their width.
      const widths = [...(article?.querySelectorAll<HTMLElement>('[style*=width]') ?? [])].map(
        ({ style }) => style.width,
      );
      const now = `${article?.textContent ?? ''} ${widths.join(' ')}`;
      const nowMs = performance.now();
      const isBusyNow = article?.querySelector('[data-busy]') != null;
      if (now === seen && isBusyNow === isBusy) return;
      if (isBusy) waits.push({ ms: nowMs - lastMs, after: seen.slice(-200), hash: location.hash });
      [lastMs, isBusy, seen] = [nowMs, isBusyNow, now];
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    Object.assign(globalThis, { patienceWaits: waits });
  });
  const spun = { wallMs: SPIN_MS, computedMs: SPIN_MS };
  const timer = setInterval(() => {
    const [startMs, startComputedMs] = [performance.now(), computedMs()];
    while (computedMs() - startComputedMs < SPIN_MS);
    spun.wallMs += performance.now() - startMs;
    spun.computedMs += SPIN_MS;
  }, 1000);
  return async () => {
    clearInterval(timer);
    const waits = await page.evaluate(() => (globalThis as unknown as { patienceWaits: Wait[] }).patienceWaits);
    const [longest] = waits.toSorted((a, b) => b.ms - a.ms);
    if (longest === undefined) throw new Error('Nothing of the story was seen at work.');
    return { longest, mostMs: MOST_MS * Math.max(1, spun.wallMs / spun.computedMs) };
  };
}
