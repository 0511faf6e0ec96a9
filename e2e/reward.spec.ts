// The reader's own reward: written, tried on answers in the sandbox of a real browser, and taken into the run's settings.
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { test } from './fakeEngine';

test('writing a reward breaks no rule of the page’s policy, typed over coloured text or not', async ({ page }) => {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) violations.push(message.text());
  });
  await page.goto('/?engine=fake&speed=10#train');
  await page.getByRole('button', { name: 'Write your own reward' }).click();
  const code = page.getByTestId('reward-code').getByRole('textbox');
  await code.press('Control+A');
  await code.pressSequentially('function reward(sample) {\n  return sample.corr');
  await page
    .getByTestId('reward-code')
    .getByRole('option', { name: /^correct/ })
    .click();
  await code.pressSequentially(' ? 1 : 0;\n}');
  await expect(code).toHaveText(/function reward\(sample\) \{\s*return sample\.correct \? 1 : 0;\s*\}/);
  await page.getByRole('button', { name: /^Try it on/ }).click();
  const scores = page.getByRole('list', { name: 'Scores' }).getByRole('listitem');
  await expect(scores.filter({ hasText: /0$/ })).not.toHaveCount(0);
  await expect(scores.filter({ hasText: /1$/ })).not.toHaveCount(0);
  expect(violations).toEqual([]);
});

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
  await expect(scores.getByRole('listitem').first()).toContainText(/more than twenty million steps/, {
    timeout: 20_000,
  });
  await page.getByRole('button', { name: 'Use this reward' }).click();
  await expect(page.getByRole('textbox', { name: 'your own' })).toHaveValue('1');
});

test('a reward that keeps failing is said so, with its error and its line, and one that does not is not', async ({
  page,
}) => {
  await page.goto('/?engine=fake&speed=10#train');
  await page.getByRole('button', { name: 'Write your own reward' }).click();
  const code = page.getByTestId('reward-code').getByRole('textbox');
  await code.press('Control+A');
  await code.pressSequentially("function reward() {\n  throw new Error('no such thing');\n}");
  await page.getByRole('button', { name: 'Use this reward' }).click();
  await page.getByRole('button', { name: 'Start training' }).click();
  const note = page.getByRole('alert');
  await expect(note).toContainText('Your own reward keeps failing: on 16 answers of the last step.');
  await expect(note).toContainText('Error: no such thing (line 2)');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByTestId('phase')).toHaveText('Paused');
  await expect(page.getByTestId('rollout-group')).toContainText('left out');
  await expect(page.getByTestId('rollout-group').getByRole('listitem').first()).toContainText('no such thing (line 2)');
  await expectAccessible(page);
  // The first step alone is no reason for an alarm.
  await page.getByRole('slider', { name: 'Step to look at' }).fill('1');
  await page.getByRole('button', { name: 'Change your own reward' }).click();
  await page.getByTestId('reward-code').getByRole('textbox').press('Control+A');
  await page.getByTestId('reward-code').getByRole('textbox').pressSequentially('function reward() {\n  return 1;\n}');
  await page.getByRole('button', { name: 'Use this reward' }).click();
  await page.getByRole('button', { name: 'Start a new run with these' }).click();
  await expect(page.getByTestId('step')).toContainText(/step ([4-9]|\d\d) of/);
  await expect(note).toHaveCount(0);
});
