// The reader's own reward: written, tried on answers in the sandbox of a real browser, and taken into the run's settings.
import { expect, test } from '@playwright/test';
import { expectAccessible } from './accessible';

test('a reward is tried before it is used, and one that never ends is an error', async ({ page }) => {
  await page.goto('/?engine=fake&speed=10#train');
  await page.getByRole('button', { name: 'Write your own reward' }).click();
  const code = page.getByTestId('reward-code').getByRole('textbox');
  await expect(code).toBeVisible();
  const scores = page.getByRole('list', { name: 'Scores' });
  await expect(scores).toHaveCount(0);
  await page.getByRole('button', { name: /^Try it on/ }).click();
  await expect(scores.getByRole('listitem').first()).toContainText(/\d$/);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await code.press('Control+A');
  await code.pressSequentially('function reward(sample) {\n  for (;;);\n}');
  await page.getByRole('button', { name: /^Try it on/ }).click();
  await expect(scores.getByRole('listitem').first()).toContainText(/more than a million steps|did not end within/, {
    timeout: 20_000,
  });
  await page.getByRole('button', { name: 'Use this reward' }).click();
  await expect(page.getByRole('textbox', { name: 'your own' })).toHaveValue('1');
});
