// A browser that can compute neither on a GPU nor in WebAssembly: the real engine says so, and the shipped recordings play.
import { expect, test } from '@playwright/test';
import { WITHOUT_WASM } from '../scripts/chromiumFlags.mjs';
import { findChromium } from '../scripts/findChromium.mjs';
import { expectAccessible } from './accessible';

const executablePath = findChromium();
test.use({ launchOptions: { args: WITHOUT_WASM, ...(executablePath && { executablePath }) } });

test.beforeEach(async ({ page }) => {
  await page.goto('/#ask');
  await expect(page.getByRole('heading', { name: 'Nothing here can compute' })).toBeVisible();
});

test('it is told what is needed, and asking is not offered', async ({ page }) => {
  await expect(page.getByRole('textbox', { name: 'Your question' })).toHaveCount(0);
  await expect(page.getByTestId('model-status')).toHaveText('nothing computes');
  await page.getByText('What the browser said').click();
  await expect(page.getByText(/found no graphics device/)).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Nothing here can compute' })).toBeVisible();
  await expectAccessible(page);
});

test('the recorded answer plays, with its badge and where it comes from', async ({ page }) => {
  await expect(page.getByText('recorded', { exact: true })).toBeVisible();
  await expect(page.getByText(/by r1, \w+ \d+, \d{4}/)).toBeVisible();
  await expect(page.getByTestId('verdict')).toBeVisible();
  await expect(page.getByTestId('answer')).not.toBeEmpty();
  await page.getByRole('combobox', { name: 'How fast the thinking is shown' }).selectOption('reading pace');
  await page.getByRole('button', { name: 'Play it again' }).click();
  await expect(page.getByTestId('verdict')).toBeHidden();
  await expect(page.getByTestId('verdict')).toBeVisible();
});

test('the recorded run plays, and nothing offers to train', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(page.getByText('recorded', { exact: true })).toBeVisible();
  await expect(page.getByTestId('lead')).toHaveText(/^It answered \d+% right before\. At step \d+ it answers \d+%/);
  await expect(page.getByTestId('rollout-group').getByRole('listitem')).not.toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Start training' })).toHaveCount(0);
  await expectAccessible(page);
});
