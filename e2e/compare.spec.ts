// Runs over one another, and test-time scaling; driven by the made-up engine.
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, SLOW, test } from './fakeEngine';
import { trainTo, watchConsole } from './person';
import { runRecording } from './recordings';

test.describe('Compare', () => {
  test('two runs lie over one another, and only what differs in their settings is listed', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.route('**/recorded/run.json', (route) => route.fulfill({ json: runRecording }));
    await page.goto(`${FAST}#train`);
    await trainTo(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.goto(`${FAST}#compare`);
    await page.getByRole('checkbox', { name: /^calm-otter-7 recorded/ }).check();
    await expect(page.getByRole('heading', { name: 'In which settings they differ' })).toBeHidden();
    await page.getByRole('checkbox', { name: /^calm-otter-1 / }).check();
    const accuracy = page.getByRole('list', { name: 'accuracy, held out' });
    await expect(accuracy.getByRole('listitem')).toHaveCount(2);
    await expect(accuracy.getByRole('listitem').first()).toContainText('39% (28% – 51%) → 81% (70% – 89%) of 64');
    await expect(page.getByRole('row', { name: 'seed 1 42' })).toBeVisible();
    await expect(page.getByRole('row', { name: /^preset/ })).toBeHidden();
    await expectAccessible(page);
    await page.getByRole('checkbox', { name: /^calm-otter-7 recorded/ }).uncheck();
    await expect(accuracy.getByRole('listitem')).toHaveCount(1);
    expect(complaints).toEqual([]);
  });
});

test.describe('Test-time scaling', () => {
  test('two models are measured while one looks on, and stopped; what was measured stays', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.goto(`${FAST}#train`);
    await trainTo(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    await page.getByRole('link', { name: 'Compare' }).click();
    const scaling = page.getByRole('region', { name: 'Test-time scaling' });
    await expect(scaling.getByRole('combobox', { name: 'Model' })).toHaveValue('beforeRun:run-1');
    await expect(scaling.getByRole('combobox', { name: 'Beside' })).toHaveValue('loaded');
    await expect(scaling).toContainText('768 answers in all.');
    const budgets = scaling.getByRole('textbox', { name: 'Thinking budgets' });
    await budgets.fill('8; 16');
    await expect(budgets).toHaveAttribute('aria-invalid', 'true');
    await budgets.fill('8, 0');
    await budgets.press('Enter');
    await expect(budgets).toHaveValue('0, 8');
    await expect(scaling).toContainText('512 answers in all.');
    await scaling.getByRole('button', { name: 'Measure' }).click();
    await expect(scaling.getByText('Measured.')).toBeVisible();
    await expect(page.getByTestId('thinking-chart').locator('title')).toHaveCount(8);
    await scaling.getByText('In numbers').click();
    const thinking = scaling.getByRole('table', { name: /^Accuracy over the length/ });
    await expect(thinking.getByRole('rowheader')).toHaveText([
      'as it likes',
      'at most 0 tokens',
      'at most 8 tokens',
      'wait × 1',
    ]);
    await expect(thinking.getByRole('row').nth(1)).toContainText(/34\.1% \(2\d(\.\d)?% – 4\d(\.\d)?%\)/);
    const votes = scaling.getByRole('table', { name: /^Accuracy over the number/ });
    await expect(votes.getByRole('rowheader')).toHaveText(['1', '2', '4']);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Ask' }).click();
    await page.getByRole('link', { name: 'Compare' }).click();
    await expect(page.getByTestId('thinking-chart').locator('title')).toHaveCount(8);
    expect(complaints).toEqual([]);
  });

  test('stops when told to, and keeps what was measured', async ({ page }) => {
    await page.goto(`${SLOW}#compare`);
    const scaling = page.getByRole('region', { name: 'Test-time scaling' });
    await expect(scaling.getByRole('combobox', { name: 'Beside' })).toHaveValue('');
    await scaling.getByRole('button', { name: 'Measure' }).click();
    await expect(page.getByTestId('thinking-chart')).toBeVisible();
    await scaling.getByRole('button', { name: 'Stop' }).click();
    await expect(scaling.getByText('Stopped. What was measured stays.')).toBeVisible();
    await expect(page.getByTestId('thinking-chart').locator('title')).not.toHaveCount(0);
    await expect(scaling.getByRole('button', { name: 'Measure' })).toBeEnabled();
  });
});
