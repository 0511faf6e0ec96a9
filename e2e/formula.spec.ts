// Formulas with their numbers, driven by the made-up engine: of the router, of attention, of an answer; and the one page.
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { button, submit, tokens } from './person';

/** What is read of a formula: its numbers, with the symbols around them. */
const tex = (page: Page, name: RegExp) => page.getByRole('region', { name }).locator('annotation');

test('a token shows which experts were chosen for it and what it attends to', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await submit(page, '9-8+3-7');
  await expect(page.getByTestId('verdict')).toBeVisible();
  await tokens(page).nth(5).click();
  await button(page, 'What this token attends to').click();
  const attention = page.getByTestId('attention-formula');
  await expect(attention.getByRole('list', { name: 'The tokens that count most' }).getByRole('listitem')).toHaveCount(
    5,
  );
  const before = await tex(page, /^The weight of/).textContent();
  await attention.getByRole('combobox', { name: 'Head' }).selectOption('1');
  await expect(tex(page, /^The weight of/)).not.toHaveText(before ?? '');
  await page.getByRole('switch', { name: 'show the experts' }).click();
  await button(page, 'How the router chose').click();
  await expect(page.getByTestId('router-formula').getByRole('row')).toHaveCount(9);
  await expectAccessible(page);
});

test('an answer shows how its reward becomes a push, and leads to the whole algorithm, which runs', async ({
  page,
}) => {
  await page.goto(`${FAST}#story/step`);
  await page.getByRole('radio', { name: 'more' }).check();
  await button(page, 'Take one step').click();
  await page.getByRole('button', { name: 'formula', exact: true }).first().click();
  await expect(page.getByTestId('answer-formula').locator('.katex').first()).toBeVisible();
  await button(page, 'Read it again with the weights as they are now').click();
  await expect(page.getByText(/^Read again after the step/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'The whole algorithm on one page, to run line by line' }).click();
  await button(page, 'One round').click();
  await expect(page.getByText('1 round', { exact: true })).toBeVisible();
  await button(page, 'Play').click();
  // The axis of the curve says rounds, too.
  await expect(page.getByText(/^\d+ rounds$/).first()).toBeVisible();
  await button(page, 'Pause').click();
  await expectAccessible(page);
});
