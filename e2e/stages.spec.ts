// The Stages screen, driven by the made-up engine: graph, run, stop, go on, table, and what can be done with a checkpoint.
import { expect, type Locator, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { test } from './fakeEngine';

const FAST = '/?engine=fake&speed=20#stages';
const SLOW = '/?engine=fake&speed=2#stages';

const row = (page: Page, name: string): Locator => page.getByTestId(`stage-${name}`);
const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });
const status = (page: Page): Locator => page.getByTestId('pipeline-status');
/** The reader's own, not the recorded run's. */
const table = (page: Page): Locator =>
  page.locator('[data-testid="checkpoint-table"]:not([data-testid="recorded-pipeline"] *)');

async function choose(page: Page, pipeline: string, isMini: boolean): Promise<void> {
  const [name = ''] = pipeline.split('?');
  await page.getByRole('radio', { name: new RegExp(`^${name}(?!-)`) }).check();
  const mini = page.getByRole('switch', { name: 'mini form' });
  if ((await mini.isChecked()) !== isMini) await mini.click();
}

/** Runs the full R1 to its end. */
async function runWhole(page: Page): Promise<void> {
  await page.goto(FAST);
  await choose(page, 'R1', false);
  await button(page, 'Run').click();
  await expect(status(page)).toHaveText('finished', { timeout: 30_000 });
}

test.describe('Stages', () => {
  test('R1 is drawn as what is made from what, in order', async ({ page }) => {
    await page.goto(FAST);
    await choose(page, 'R1', false);
    const rows = page.getByTestId('pipeline-graph').getByRole('listitem');
    await expect(rows).toHaveCount(6);
    await expect(rows.nth(0)).toContainText('base');
    await expect(row(page, 'rejection-sft')).toContainText('from base, verified');
    await expect(row(page, 'verified')).toContainText('rejection sampling');
    // Beside the reader's own stands a full run that comes with the page, and says that it does.
    const recorded = page.getByTestId('recorded-pipeline');
    await expect(recorded).toContainText(/recorded.*llvmpipe/);
    await expect(recorded.getByRole('row', { name: /^final-rl/ })).toContainText('97% (95% – 98%)');
    await choose(page, 'R1', true);
    await expect(rows).toHaveCount(6);
    await expect(recorded).toBeVisible();
    await choose(page, 'Distil or RL?', true);
    await expect(rows.nth(0)).toContainText('random weights');
  });

  test('RL from random weights says why it is expected to fail', async ({ page }) => {
    await page.goto(FAST);
    await expect(page.getByText('every advantage is 0')).toHaveCount(0);
    await choose(page, 'RL from random weights', false);
    await expect(page.getByText('every advantage is 0')).toBeVisible();
    await expect(page.getByText('frac_reward_zero_std')).toBeVisible();
  });

  test('a whole run tells the tale of its checkpoints in a sentence, in the graph and in a table', async ({ page }) => {
    await runWhole(page);
    await expect(page.getByTestId('pipeline-story')).toHaveText('base answered 31% right; final-rl answers 91%.');
    await expect(row(page, 'cold-start')).toContainText('English 64% · 中文 36%');
    await expect(row(page, 'verified')).toContainText('1,840 of 3,072 answers');
    await expect(table(page).getByRole('row')).toHaveCount(7);
    await expect(table(page).getByRole('row', { name: /^rejection-sft/ })).toContainText('base, verified');
    await expect(button(page, 'Run')).toHaveCount(0);
    await expect(page.getByTestId('recorded-pipeline')).toHaveCount(0);
    await row(page, 'verified')
      .getByRole('button', { name: /^verified/ })
      .click();
    await expect(row(page, 'verified')).toContainText('1,840 answers to 640 problems were kept.');
    await expect(row(page, 'verified')).toContainText('in another language');
    await row(page, 'reasoning-rl')
      .getByRole('button', { name: /^reasoning-rl/ })
      .click();
    await expect(row(page, 'reasoning-rl').getByRole('slider', { name: 'answers right' })).toBeVisible();
    await row(page, 'reasoning-rl').getByText('Settings of this stage').click();
    await expect(row(page, 'reasoning-rl')).toContainText('"preset": "R1 stage 2"');
    const job = page.getByTestId('continue-at-scale');
    await job.getByText('Continue at scale').click();
    await job.getByLabel('Trained by').selectOption('ray');
    const downloading = page.waitForEvent('download');
    await job.getByRole('button', { name: 'Make the job' }).click();
    expect((await downloading).suggestedFilename()).toBe('r1-ray.zip');
    await expect(job.getByRole('status')).toContainText('r1-ray.zip');
    await expectAccessible(page);
  });

  test('one that was stopped is there after a reload, and goes on', async ({ page }) => {
    await page.goto(SLOW);
    await choose(page, 'R1', true);
    await button(page, 'Run').click();
    await expect(status(page)).toHaveText('Working on cold-start', { timeout: 15_000 });
    await expect(row(page, 'cold-start').getByTestId('stage-progress')).toContainText(/step \d+ of 12/);
    await button(page, 'Stop').click();
    await expect(status(page)).toHaveText('stopped');
    const done = (await page.getByTestId('pipeline-done').textContent()) ?? '';
    expect(done).toMatch(/^[1-5] of 6 done$/);
    await page.goto(FAST);
    await page.reload();
    // It is looked at by itself, in its form.
    await expect(page.getByRole('radio', { name: /^R1 stopped/ })).toBeChecked();
    await expect(page.getByRole('switch', { name: 'mini form' })).toBeChecked();
    await expect(page.getByTestId('pipeline-done')).toHaveText(done);
    await button(page, 'Go on').click();
    await expect(status(page)).toHaveText('finished', { timeout: 30_000 });
    await expect(table(page).getByRole('row')).toHaveCount(7);
    await button(page, 'Delete').click();
    await button(page, 'Delete for good?').click();
    await expect(table(page)).toHaveCount(0);
    await expect(button(page, 'Run')).toBeEnabled();
  });

  test('a checkpoint answers on Ask, and is given as a zip', async ({ page }) => {
    await runWhole(page);
    const final = row(page, 'final-rl');
    await final.getByRole('button', { name: /^final-rl/ }).click();
    const zip = page.waitForEvent('download');
    await final.getByRole('button', { name: 'Download as a zip' }).click();
    expect((await zip).suggestedFilename()).toBe('r1-final-rl.zip');
    await final.getByRole('button', { name: 'Ask this model' }).click();
    await expect(page.getByRole('textbox', { name: 'Your question' })).toBeVisible();
    await expect(page.getByTestId('model-status')).toContainText('r1/final-rl');
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  test('while one runs, no other does, and the page asks before it is left', async ({ page }) => {
    await page.goto(SLOW);
    await choose(page, 'R1', false);
    await button(page, 'Run').click();
    await expect(button(page, 'Stop')).toBeVisible();
    await choose(page, 'R1-Zero', false);
    await expect(button(page, 'Run')).toBeDisabled();
    await expect(page.getByText('R1 is running. Stop it first.')).toBeVisible();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`it fits 360 px, and axe finds no fault with it in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 360, height: 740 });
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await page.goto(SLOW);
      await choose(page, 'Distil or RL?', false);
      await expectAccessible(page);
      expect(await overflow()).toBeLessThanOrEqual(0);
      await button(page, 'Run').click();
      await expect(row(page, 'teacher').getByRole('slider').first()).toBeVisible({ timeout: 15_000 });
      await expectAccessible(page);
      expect(await overflow()).toBeLessThanOrEqual(0);
      await button(page, 'Stop').click();
      await runWhole(page);
      for (const name of ['verified', 'final-rl']) {
        await row(page, name)
          .getByRole('button', { name: new RegExp(`^${name}`) })
          .click();
      }
      await expectAccessible(page);
      expect(await overflow()).toBeLessThanOrEqual(0);
    });
  }
});
