// What the page is without a device, or without storage; driven by the made-up engine.
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { NO_DEVICE, test } from './fakeEngine';
import { answerRecording, runRecording } from './recordings';

test.describe('Without anything to compute on', () => {
  test('the page explains what this browser needs, and lets one try again', async ({ page }) => {
    await page.goto(`${NO_DEVICE}#ask`);
    await expect(page.getByRole('heading', { name: 'Nothing here can compute' })).toBeVisible();
    await expect(page.getByText(/Use a current version of Chrome/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await expectAccessible(page);
  });

  test('a GPU that was chosen and is not there is told of, with advice for this browser', async ({ page }) => {
    await page.goto('/?engine=fake&device=gpu&devices=none#ask');
    await expect(page.getByRole('heading', { name: 'Your browser gives this page no GPU' })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'Chrome' }).first()).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Compute on the processor' }).click();
    await expect(page.getByRole('heading', { name: 'Nothing here can compute' })).toBeVisible();
  });

  test('a device too small is named with what it lacks, not mistaken for a missing one', async ({ page }) => {
    await page.goto('/?engine=fake&devices=small#train');
    await expect(page.getByRole('heading', { name: 'The device is too small for this.' })).toBeVisible();
    await expect(page.getByText('This GPU offers 16 MiB; the model needs 128 MiB.')).toBeVisible();
    await expect(page.getByText('Use another device.')).toBeVisible();
  });

  test('the recorded answer and the recorded run play, with their badge', async ({ page }) => {
    await page.route('**/recorded/answer.json', (route) => route.fulfill({ json: answerRecording }));
    await page.route('**/recorded/run.json', (route) => route.fulfill({ json: runRecording }));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(`${NO_DEVICE}#ask`);
    await expect(page.getByText('recorded', { exact: true })).toBeVisible();
    await expect(page.getByText('by base, November 23, 2026')).toBeVisible();
    await expect(page.getByTestId('verdict')).toContainText('Correct.');
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await expect(page.getByText('recorded', { exact: true })).toBeVisible();
    await expect(page.getByTestId('lead')).toHaveText('It answered 39% right before. At step 2 it answers 81%.');
    await expect(page.getByRole('button', { name: 'Start training' })).toHaveCount(0);
  });
});

test('where the browser stores nothing, Train and Models say so before anything is trained', async ({ page }) => {
  await page.goto('/?engine=fake&storage=none#train');
  await expect(page.getByRole('button', { name: 'Start training' })).toBeVisible();
  await expect(page.getByTestId('storage-note')).toContainText('Nothing is kept here.');
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByTestId('storage-note')).toContainText('download the model before you leave');
});
