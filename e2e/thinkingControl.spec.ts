// Thinking under control and several answers at once, as a person uses them; driven by the made-up engine.
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, SLOW, test } from './fakeEngine';
import { button, question, set, submit, unfold } from './person';

const finished = (page: Page) => expect(page.getByText(/decode [\d,]+ tok\/s/)).toBeVisible();
const think = (page: Page, how: string) =>
  page.getByRole('combobox', { name: 'How it thinks' }).selectOption({ label: how });
const answer = (page: Page, number: number) => page.getByRole('radio', { name: `Answer ${number}`, exact: true });
const steps = (page: Page) => page.getByRole('region', { name: 'Thinking' }).last().getByRole('listitem');

test('a budget cuts the thinking, and the pane says where', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await think(page, 'within a budget');
  await set(page, 'Thinking tokens', 8);
  await submit(page, '9-8+3-7');
  await finished(page);
  await expect(page.getByText('at most 8 tokens of thinking')).toBeVisible();
  await expect(page.getByTestId('cut')).toContainText('Cut here, after 8 tokens.');
  await expect(page.getByRole('button', { name: /Thought for .* · 8 tokens/ })).toBeVisible();
  await expect(page.getByTestId('answer')).toBeVisible();
  await page.getByRole('toolbar').getByRole('button', { name: '“</think>”, put in' }).hover();
  await expect(page.getByTestId('token-reading')).toContainText('was put in to end the thinking');
});

test('told to answer at once, it does, and says that it was told', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await think(page, 'not at all');
  await submit(page, '9-8+3-7');
  await finished(page);
  await expect(page.getByText('Told to answer at once, without thinking')).toBeVisible();
  await expect(page.getByTestId('cut')).toHaveCount(0);
  await expect(page.getByTestId('answer')).toBeVisible();
});

test('“wait” stands where it was put in, apart from the model’s own words', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await think(page, 'longer, with “wait”');
  await set(page, 'Number of waits', 2);
  await submit(page, '9-8+3-7');
  await finished(page);
  const waits = steps(page).filter({ has: page.locator('ins') });
  await expect(waits).toHaveCount(2);
  await expect(waits.first()).toContainText('wait (put in, not the model’s own)');
  await expect(page.getByTestId('thinking-legend')).toContainText('put in, not the model’s own');
  await expect(page.getByRole('toolbar').getByRole('button', { name: '“wait”, put in' })).toHaveCount(2);
});

test('a budget for which there is no room is refused before anything starts', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await think(page, 'within a budget');
  await set(page, 'Thinking tokens', 90);
  await submit(page, '9-8+3-7');
  await expect(page.getByRole('alert')).toContainText('Allow at least 114 tokens.');
  await set(page, 'Thinking tokens', 40);
  await submit(page, '9-8+3-7');
  await finished(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('nothing is asked while a setting shows what it cannot take; its range is said', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  const answers = page.getByRole('textbox', { name: 'Answers', exact: true });
  await answers.fill('99');
  await unfold(page, 'Sampling and thinking');
  await submit(page, '9-8+3-7');
  await expect(answers).toBeFocused();
  await expect(page.getByRole('alert')).toHaveText('It takes a whole number from 1 to 16.');
  await expect(page.getByRole('heading', { name: '9 − 8 + 3 − 7' })).toHaveCount(0);
  await answers.fill('2');
  await submit(page, '9-8+3-7');
  await expect(page.getByRole('radio')).toHaveCount(2);
});

test('several answers are put to the vote, and each shows its thinking', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await set(page, 'Answers', 8);
  await submit(page, '9-8+3-7');
  await finished(page);
  await expect(page.getByRole('radio')).toHaveCount(8);
  const rows = page.getByTestId('tally').getByRole('listitem');
  const counts = await rows.locator('b').allInnerTexts();
  expect(counts.map(Number).reduce((sum, count) => sum + count, 0)).toBe(8);
  expect([...counts].sort((a, b) => Number(b) - Number(a))).toEqual(counts);
  await expect(rows.first()).toContainText('majority');
  const right = await rows.filter({ hasText: '✓ right' }).locator('b').textContent();
  await expect(page.getByTestId('share-right')).toHaveText(`${right} of 8 right`);

  await expect(answer(page, 1)).toBeChecked();
  await answer(page, 2).check();
  await expect(page.getByText('2 of 8', { exact: true })).toBeVisible();
  await expect(steps(page).filter({ hasText: '然后' }).first()).toContainText('✓ right');
  await expect(page.getByTestId('thinking-legend')).toContainText('100% Chinese');
  await page.keyboard.press(']');
  await expect(answer(page, 3)).toBeChecked();
  await expect(page.getByTestId('thinking-legend')).toContainText('100% English');
  await page.keyboard.press('[');
  await expect(answer(page, 2)).toBeChecked();
});

test('a screen reader hears the vote', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await set(page, 'Answers', 4);
  await submit(page, '9-8+3-7');
  await expect(page.getByRole('status')).toContainText(
    /4 answers ready\. The majority, \d, says -?\d+\. \d of 4 right/,
  );
});

test('Escape stops all answers at once; they keep what they have', async ({ page }) => {
  await page.goto(`${SLOW}#ask`);
  await unfold(page, 'Sampling and thinking');
  await set(page, 'Answers', 4);
  await question(page).fill('9-8+3-7+5+5+5');
  await question(page).press('Enter');
  await expect(page.getByText('not yet')).toBeVisible();
  await expect(page.getByRole('toolbar').getByRole('button').first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('tally')).toContainText('no answer');
  await expect(page.getByText('Stopped before an answer.')).toBeVisible();
  await expect(button(page, 'Again R')).toBeVisible();
});

test('the experts of each token are shown when asked for, also for another answer, and stay shown', async ({
  page,
}) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await set(page, 'Answers', 2);
  await submit(page, '9-8+3-7');
  await finished(page);
  await page.getByRole('switch', { name: 'show the experts' }).click();
  const table = page.getByTestId('expert-choices');
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(page.getByTestId('token-experts')).toContainText('Point at a token');
  await page.getByRole('toolbar').getByRole('button').first().focus();
  await page.keyboard.press('ArrowRight');
  for (const row of [1, 2])
    await expect(table.getByRole('row').nth(row).locator('[data-chosen="true"]')).toHaveCount(2);
  await expect(page.getByTestId('token-experts')).toHaveText(/layer 1: \d \(0\.\d\d\).*layer 2: \d \(0\.\d\d\)/);
  const told = await page.getByTestId('token-experts').textContent();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('token-experts')).not.toHaveText(told ?? '');
  const shares = await table.locator('tbody .sr-only').allInnerTexts();
  await answer(page, 2).check();
  await expect.poll(() => table.locator('tbody .sr-only').allInnerTexts()).not.toEqual(shares);

  await submit(page, '2+2');
  await finished(page);
  await expect(table.getByRole('row')).toHaveCount(3);
});

test('how to think and how many answers are remembered', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await set(page, 'Answers', 4);
  await think(page, 'longer, with “wait”');
  await set(page, 'Number of waits', 3);
  await page.reload();
  await unfold(page, 'Sampling and thinking');
  await expect(page.getByRole('textbox', { name: 'Answers', exact: true })).toHaveValue('4');
  await expect(page.getByRole('textbox', { name: 'Number of waits' })).toHaveValue('3');
});

test('axe finds nothing in either theme, wide or narrow, and nothing is wider than a small screen', async ({
  page,
}) => {
  await page.goto(`${FAST}#ask`);
  await unfold(page, 'Sampling and thinking');
  await set(page, 'Answers', 16);
  await think(page, 'longer, with “wait”');
  await submit(page, '9-8+3-7');
  await finished(page);
  await answer(page, 2).check();
  await page.getByRole('switch', { name: 'show the experts' }).click();
  await page.getByRole('toolbar').getByRole('button').nth(3).hover();
  await expect(page.getByTestId('token-experts')).toContainText('layer 2:');
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});
