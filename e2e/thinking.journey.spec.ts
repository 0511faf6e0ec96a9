// Thinking longer and voting with the real engine: the model that the page opens with, nothing made up.
import { expect, type Page, test } from '@playwright/test';
import { ask, completion, open, set, tokens, unfold } from './person';

const QUESTION = '8-9+1-6+5-7=?';

async function think(page: Page, how: string): Promise<void> {
  await page.getByRole('combobox', { name: 'How it thinks' }).selectOption({ label: how });
}

test('eight answers are drawn at once and put to the vote; each can be looked at, with its experts', async ({
  page,
}) => {
  await open(page, 'ask');
  await unfold(page, 'Sampling');
  // Hot enough that they differ.
  await set(page, 'Temperature', 2);
  await set(page, 'Answers', 8);
  await ask(page, QUESTION);
  const first = await completion(page);
  const rows = page.getByTestId('tally').getByRole('listitem');
  const votes = (await rows.locator('b').allInnerTexts()).map(Number);
  expect(votes.reduce((sum, count) => sum + count, 0)).toBe(8);
  const right = await rows.filter({ hasText: '✓ right' }).locator('b').allInnerTexts();
  await expect(page.getByTestId('share-right')).toHaveText(`${right[0] ?? 0} of 8 right`);

  const others = [];
  for (const number of [2, 3, 4]) {
    await page.getByRole('radio', { name: `Answer ${number}`, exact: true }).check();
    others.push((await tokens(page).allInnerTexts()).join(''));
  }
  expect(others.some((text) => text !== first.join(''))).toBe(true);

  await page.getByRole('switch', { name: 'show the experts' }).click();
  const table = page.getByTestId('expert-choices');
  await expect(table.locator('tbody tr')).not.toHaveCount(0);
  await tokens(page).nth(2).focus();
  const perLayer = await table
    .locator('tbody tr')
    .evaluateAll((layers) => layers.map((layer) => layer.querySelectorAll('[data-chosen="true"]').length));
  expect(new Set(perLayer)).toEqual(new Set([2]));
});

test('a budget of a few tokens ends the thinking there, and the answer comes after it', async ({ page }) => {
  await open(page, 'ask');
  await unfold(page, 'Sampling');
  await think(page, 'within a budget');
  await set(page, 'Thinking tokens', 6);
  await ask(page, QUESTION);
  const text = await completion(page);
  expect(text.indexOf('</think>')).toBe(1 + 6);
  await expect(page.getByTestId('cut')).toContainText('Cut here, after 6 tokens.');
  expect(text.join('')).toMatch(/<\/think><answer>.*<\/answer>end$/);
});

test('where the thinking would end, “wait” is put in and it goes on', async ({ page }) => {
  await open(page, 'ask');
  await unfold(page, 'Sampling');
  await set(page, 'Most tokens', 160);
  await ask(page, QUESTION);
  const free = await completion(page);
  await think(page, 'longer, with “wait”');
  await set(page, 'Number of waits', 1);
  await ask(page, QUESTION);
  const text = await completion(page);
  const put = page.getByRole('toolbar').getByRole('button', { name: /“.*wait.*”, put in/ });
  await expect(put).toHaveCount(1);
  const end = text.indexOf('</think>');
  expect(text.slice(0, end)).toContain('wait');
  expect(end).toBeGreaterThan(free.indexOf('</think>'));
  await expect(page.getByTestId('thinking-legend')).toContainText('put in, not the model’s own');
});
