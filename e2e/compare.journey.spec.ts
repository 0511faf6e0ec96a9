// Comparing with the real engine: two runs laid over one another, and what the second gained at test time.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { button, open, set, unfold, useTinySettings } from './person';

const RUN_LIMIT_MS = 300_000;

test('two runs are laid over one another, and test-time scaling is measured before and after the second', async ({
  page,
}) => {
  await open(page, 'train');
  await useTinySettings(page, { steps: 1, questions: 2 });
  await set(page, 'Held-out problems', 8);
  await button(page, 'Start training').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: RUN_LIMIT_MS });
  await set(page, 'Learning rate', '4e-4');
  await page.getByRole('combobox', { name: 'A new run starts from' }).selectOption('base, as it came');
  await button(page, 'Start training').click();
  await expect(page.getByTestId('phase')).not.toHaveText('Finished');
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: RUN_LIMIT_MS });

  await page.getByRole('link', { name: 'Compare' }).click();
  const runs = page.getByRole('checkbox').filter({ visible: true });
  const stored = page.getByRole('listitem').filter({ has: runs, hasNotText: 'recorded' }).getByRole('checkbox');
  await expect(stored).toHaveCount(2);
  for (const place of [1, 0]) await stored.nth(place).check();
  for (const [name, reading] of [
    ['reward', /\d → .*\d/],
    ['accuracy, held out', /\d% \(\d+% – \d+%\) → \d+% \(\d+% – \d+%\) of 8$/],
  ] as const) {
    const readings = page.getByRole('list', { name, exact: true }).getByRole('listitem');
    await expect(readings).toHaveCount(2);
    await expect(readings.first()).toContainText(reading);
  }
  const differences = page.getByRole('region', { name: 'In which settings they differ' });
  await expect(differences.getByRole('row', { name: 'learning_rate 0.0002 0.0004' })).toBeVisible();
  await expect(differences.getByRole('row')).toHaveCount(2);

  const scaling = page.getByRole('region', { name: 'Test-time scaling' });
  await expect(scaling.getByRole('combobox', { name: 'Beside' })).toHaveValue('loaded');
  await set(page, 'Problems', 4);
  await set(page, 'Answers to each', 2);
  await set(page, 'Thinking budgets', '0, 8');
  await set(page, 'Waits', '1');
  await set(page, 'Longest answer', 48);
  await button(page, 'Measure').click();
  await expect(page.getByTestId('thinking-chart').locator('title').first()).toBeAttached({ timeout: RUN_LIMIT_MS });
  await expect(scaling.getByText('Measured.')).toBeVisible({ timeout: RUN_LIMIT_MS });
  await expect(page.getByTestId('thinking-chart').locator('title')).toHaveCount(8);
  await expect(page.getByTestId('votes-chart').locator('title')).toHaveCount(8);
  await unfold(page, 'In numbers');
  const atOnce = scaling.getByRole('row', { name: /^at most 0 tokens/ }).getByRole('cell');
  await expect(atOnce.nth(1)).toHaveText('0');
  await expect(atOnce.nth(3)).toHaveText('0');
  await expect(
    scaling
      .getByRole('row', { name: /^wait × 1/ })
      .getByRole('cell')
      .nth(1),
  ).toHaveText(/^[1-9]/);
  await expectAccessible(page);
});
