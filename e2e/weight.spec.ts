// How much the page weighs before it can be seen.
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';

const MOST_BYTES = 150_000;

test('the scripts that come before the first paint are at most 150 kB, gzipped', async ({ request }) => {
  const html = await (await request.get('/')).text();
  const tags = html.match(/<(?:script|link)[^>]*>/g) ?? [];
  const paths = tags.flatMap((tag) => /(?:src|href)="\.(\/[^"]+\.js)"/.exec(tag)?.[1] ?? []);
  expect(paths.length).toBeGreaterThan(0);
  const scripts = await Promise.all(
    paths.map(async (path) => {
      const response = await request.get(path);
      expect(response.headers()['content-type']).toContain('javascript');
      return gzipSync(await response.body(), { level: 9 }).byteLength;
    }),
  );
  const total = scripts.reduce((sum, bytes) => sum + bytes, 0);
  console.log(`${scripts.length} scripts, ${(total / 1000).toFixed(1)} kB gzipped`);
  expect(total).toBeLessThanOrEqual(MOST_BYTES);
});
