// How much the page weighs before it can be seen, as a browser tells it.
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const MOST_BYTES = 150_000;

test('the scripts that a browser asks for before the first paint are at most 150 kB, gzipped', async ({
  page,
  request,
}) => {
  await page.goto('/');
  const urls = await page.evaluate(async () => {
    const paint = await new Promise<PerformanceEntry>((resolve) => {
      const find = (entries: PerformanceEntryList) => {
        const first = entries.find(({ name }) => name === 'first-contentful-paint');
        if (first) resolve(first);
      };
      new PerformanceObserver((list) => find(list.getEntries())).observe({ type: 'paint', buffered: true });
    });
    const asked = performance.getEntriesByType('resource').filter(({ startTime }) => startTime < paint.startTime);
    return asked.map(({ name }) => name).filter((name) => new URL(name).pathname.endsWith('.js'));
  });
  // The engine's own program is fetched beside the page's and paints nothing.
  const own = [...new Set(urls)].filter((url) => !/\/engine\.worker-/.test(url));
  const scripts = await Promise.all(
    own.map(async (url) => {
      const response = await request.get(url);
      expect(response.headers()['content-type']).toContain('javascript');
      return { url, bytes: gzipSync(await response.body(), { level: 9 }).byteLength };
    }),
  );
  const total = scripts.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(scripts.map(({ url, bytes }) => `${url.replace(/^.*\//, '')} ${bytes}`).join('\n'));
  console.log(`${scripts.length} scripts, ${(total / 1000).toFixed(1)} kB gzipped`);
  // React alone is half of it.
  expect(total).toBeGreaterThan(60_000);
  expect(total).toBeLessThanOrEqual(MOST_BYTES);
});
