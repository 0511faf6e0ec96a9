// A run of two thousand steps plays, many a second, with every curve open: the page stays at hand.
import { expect } from '@playwright/test';
import { NO_DEVICE, test } from './fakeEngine';
import { watchMainThread } from './mainThread';
import { button, stepOf } from './person';
import { longRunRecording } from './recordings';

/** Of a processor; a tenth of a second is felt as a stop. */
const MOST_TASK_MS = 100;

for (const width of [1280, 360]) {
  test(`no task of the main thread takes more than 100 ms, ${width} px wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await page.route('**/recorded/run.json', (route) => route.fulfill({ json: longRunRecording() }));
    await page.goto(`${NO_DEVICE}#train`);
    await expect.poll(() => stepOf(page)).toBeGreaterThan(1500);
    const stop = await watchMainThread(page);
    await button(page, 'All metrics').click();
    await expect(page.locator('canvas')).toHaveCount(42);
    await expect.poll(() => stepOf(page)).toBeGreaterThan(1600);
    const { tasks, control } = await stop();
    expect(control.cpuMs).toBeGreaterThan(MOST_TASK_MS);
    expect(tasks.filter(({ cpuMs }) => cpuMs > MOST_TASK_MS)).toEqual([]);
  });
}
