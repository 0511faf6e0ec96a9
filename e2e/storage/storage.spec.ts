// Checkpoints on the browser's own file system, with the page killed at any moment of a save, and with no space left.
import { fileURLToPath } from 'node:url';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { build } from 'vite';
import type { Order, Report } from './checkpointWorker';

const WORKER_URL = '/checkpoint-worker.js';
const NUM_KILLS = 8;

async function serveWorker(context: BrowserContext): Promise<void> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      lib: {
        entry: fileURLToPath(new URL('./checkpointWorker.ts', import.meta.url)),
        formats: ['es'],
        fileName: 'worker',
      },
    },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (bundle === undefined || !('output' in bundle)) throw new Error('Vite returned no bundle.');
  const body = bundle.output[0].code;
  await context.route(`**${WORKER_URL}`, (route) => route.fulfill({ contentType: 'text/javascript', body }));
}

/** A page of the site whose worker has been given an order; `next` waits for its next report. */
async function startWorker(context: BrowserContext, order: Order): Promise<{ page: Page; next(): Promise<Report> }> {
  const page = await context.newPage();
  const reports: Report[] = [];
  const waiting: ((report: Report) => void)[] = [];
  await page.exposeFunction('tellReport', (report: Report) => {
    const wake = waiting.shift();
    if (wake === undefined) reports.push(report);
    else wake(report);
  });
  // A page without a policy, which else refuses any worker that is not the product's own.
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto('/blank');
  await page.evaluate(
    ([url, message]) => {
      const worker = new Worker(url, { type: 'module' });
      const tell = Reflect.get(window, 'tellReport') as (report: unknown) => void;
      worker.addEventListener('message', (event) => tell(event.data));
      worker.addEventListener('error', (event) => tell({ error: `the worker failed: ${event.message}` }));
      worker.postMessage(message);
    },
    [WORKER_URL, order] as const,
  );
  const next = () => {
    const report = reports.shift();
    return report === undefined ? new Promise<Report>((resolve) => waiting.push(resolve)) : Promise.resolve(report);
  };
  return { page, next };
}

test('a page closed in the middle of saving leaves a whole checkpoint, never older than the last one it reported', async ({
  context,
}) => {
  await serveWorker(context);
  let lastLoaded = 0;
  for (let kill = 0; kill < NUM_KILLS; kill++) {
    const writer = await startWorker(context, { kind: 'save', firstStep: lastLoaded + 1 });
    let lastReported = lastLoaded;
    for (let saves = 0; saves < 2; saves++) {
      const report = await writer.next();
      if ('error' in report) throw new Error(report.error);
      lastReported = report.step;
    }
    // The next save is under way; every kill comes at another moment of it.
    await writer.page.waitForTimeout(kill * 3);
    await writer.page.close();

    const reader = await startWorker(context, { kind: 'load' });
    const loaded = await reader.next();
    expect(loaded).toEqual({ step: expect.any(Number), isWhole: true });
    if (!('step' in loaded)) throw new Error(loaded.error);
    expect(loaded.step).toBeGreaterThanOrEqual(lastReported);
    lastLoaded = loaded.step;
    await reader.page.close();
  }
  expect(lastLoaded).toBeGreaterThanOrEqual(2 * NUM_KILLS);
});

test('a quota that is used up is said in words, and the checkpoint saved before it still loads', async ({
  context,
  baseURL,
}) => {
  await serveWorker(context);
  const page = await context.newPage();
  await page.goto('/icon.svg');
  const session = await context.newCDPSession(page);
  // Room for the first checkpoint of 2 MiB and half of the second.
  await session.send('Storage.overrideQuotaForOrigin', { origin: baseURL ?? '', quotaSize: 3 * 2 ** 20 });

  const writer = await startWorker(context, { kind: 'save', firstStep: 1 });
  expect(await writer.next()).toEqual({ step: 1, isWhole: true });
  expect(await writer.next()).toEqual({
    error: expect.stringContaining('There is no space left to store the checkpoint.'),
  });

  const reader = await startWorker(context, { kind: 'load' });
  expect(await reader.next()).toEqual({ step: 1, isWhole: true });
});
