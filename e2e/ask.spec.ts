// Asking and being answered, driven by the made-up engine.
import { expect } from '@playwright/test';
import { FAST, SLOW, test } from './fakeEngine';
import { submit, thinking, watchConsole } from './person';

test.describe('Ask', () => {
  test('the thinking comes step by step with marks, then the answer with a verdict', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.goto(`${FAST}#ask`);
    await submit(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toHaveText('✓ Correct. The verifier agrees.');
    await expect(page.getByTestId('answer')).toContainText('3');
    await expect(page.getByRole('button', { name: /Thought for .* · 18 tokens/ })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: '1 + 3 = 4' })).toContainText('✓ right');
    expect(complaints).toEqual([]);
  });

  test('collapsed while it thinks, the thinking stays collapsed to the end, and after a reload', async ({ page }) => {
    await page.goto(`${SLOW}#ask`);
    await submit(page, '9-8+3-7');
    await expect(page.getByRole('listitem').filter({ hasText: '9 − 8' })).toBeVisible();
    await thinking(page).click();
    await expect(thinking(page)).not.toBeChecked();
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(thinking(page)).not.toBeChecked();
    await page.goto(`${FAST}#ask`);
    await submit(page, '1+1');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(thinking(page)).not.toBeChecked();
  });

  test('the thinking stays open when the answer is there, unless it is to be tidied away', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await submit(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(thinking(page)).toBeChecked();
    await page.locator('summary', { hasText: 'Sampling and thinking' }).click();
    await page.getByRole('combobox', { name: 'When to show the thinking' }).selectOption('live, then tidy');
    await expect(thinking(page)).not.toBeChecked();
  });

  test('Escape stops the answer, which says so and keeps its tokens', async ({ page }) => {
    await page.goto(`${SLOW}#ask`);
    await submit(page, '9-8+3-7+5+5+5');
    await expect(page.getByRole('listitem').filter({ hasText: '9 − 8' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText('Stopped before an answer.')).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: '9 − 8' })).toBeVisible();
  });

  test('arrow keys walk over the tokens and tell the probability of each', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await submit(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toBeVisible();
    const strip = page.getByRole('toolbar', { name: 'Token by token' });
    await strip.getByRole('button').first().focus();
    await page.keyboard.press('ArrowRight');
    await expect(strip.getByRole('button', { name: /“9”, probability \d+%/ }).first()).toBeFocused();
    await expect(page.getByTestId('token-reading')).toContainText(/“9” drawn with probability \d+/);
    await expect(page.getByTestId('token-reading')).toContainText('instead:');
  });

  test('a screen reader hears phases and the answer, never the tokens', async ({ page }) => {
    await page.goto(`${SLOW}#ask`);
    const status = page.getByRole('status');
    await submit(page, '9-8+3-7');
    await expect(status).toContainText('Thinking');
    await expect(status).not.toContainText('9');
    await expect(status).toContainText('Answer ready: -3. Correct. 24 tokens.', { timeout: 15_000 });
  });
});
