// A browser that gives the page no GPU: the real engine computes on the processor, and all is live.
import { expect, test } from '@playwright/test';
import { WITHOUT_WEBGPU } from '../scripts/chromiumFlags.mjs';
import { findChromium } from '../scripts/findChromium.mjs';
import { expectAccessible } from './accessible';
import { ask, button, completion, open, useTinySettings, watchConsole } from './person';

const executablePath = findChromium();
test.use({ launchOptions: { args: WITHOUT_WEBGPU, ...(executablePath && { executablePath }) } });

test('it answers live, and the Device screen says what computes and why', async ({ page }) => {
  const complaints = watchConsole(page);
  await open(page, 'ask');
  await ask(page, '9-8+3-7=?');
  const first = await completion(page);
  expect(first.join('')).toMatch(/<answer>.*<\/answer>end$/);
  await expect(page.getByText('recorded', { exact: true })).toHaveCount(0);
  await ask(page, '9-8+3-7=?');
  expect(await completion(page)).toEqual(first);
  await page.getByRole('link', { name: 'Device' }).click();
  await expect(page.getByRole('heading', { name: 'The processor' })).toBeVisible();
  await expect(page.getByText('the browser gives this page no graphics processor')).toBeVisible();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  await expect(page.getByText(`On ${cores === 1 ? 'one thread' : `${Math.min(cores, 8)} threads`}: `)).toBeVisible();
  await page.getByText('How to compute on a graphics processor').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Chrome' }).first()).toBeVisible();
  await page.getByRole('radio', { name: 'the graphics processor' }).click();
  await expect(page.getByRole('alert')).toContainText('it found no graphics device');
  await expect(page.getByRole('radio', { name: 'automatic' })).toBeChecked();
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});

test('it trains live, and a pipeline can be run', async ({ page }) => {
  await open(page, 'train');
  await useTinySettings(page, { steps: 3, questions: 2 });
  await button(page, 'Start training').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished');
  await expect(page.getByTestId('step')).toHaveText('step 3 of 3');
  await page.getByRole('link', { name: 'Stages' }).click();
  await expect(button(page, /^Run/).first()).toBeEnabled();
  await expect(page.getByRole('alert')).toHaveCount(0);
});
