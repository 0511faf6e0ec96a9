/** Nothing is painted in a tab that is not looked at. */
const PATIENCE_MS = 1000;

function firstPaint(): Promise<void> {
  if (!globalThis.PerformanceObserver?.supportedEntryTypes.includes('paint')) return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS);
    const look = (list: PerformanceObserverEntryList) => {
      if (list.getEntriesByName('first-contentful-paint').length > 0) resolve();
    };
    new PerformanceObserver(look).observe({ type: 'paint', buffered: true });
  });
}

/** Settles once the page was painted: what is shown later, and is not small, waits for it. */
export const painted: Promise<void> = firstPaint();
