// RLHF in the lab and in the story, live on the processor: the reader chooses between answers by keyboard, a reward is learned
// from that and climbed; a pupil is pleased until the truth turns.
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { button } from './person';

const LONG = { timeout: 400_000 };
const open = (page: Page, hash: string) => page.goto(`/?device=cpu#${hash}`);

async function press(page: Page, name: string): Promise<void> {
  await button(page, name).focus();
  await page.keyboard.press('Enter');
}

test('the reader’s own choices become a reward, and the model climbs it', async ({ page }) => {
  await open(page, 'lab/preference');
  await press(page, 'Load base');
  await expect(page.getByTestId('model-status')).toContainText('base');
  await page.getByRole('radio', { name: 'You' }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByText('Choose 6 times more', { exact: false })).toBeVisible();
  await press(page, 'Show two answers');
  for (let choice = 1; choice <= 6; choice++) {
    await press(page, choice % 2 === 0 ? 'A is better' : 'B is better');
    await expect(page.getByText(choice === 1 ? 'You chose once.' : `You chose ${choice} times.`)).toBeVisible();
  }
  await press(page, 'Start on this device');
  await expect(page.getByTestId('rlhf-turning')).toBeVisible(LONG);
  await expect(page.getByTestId('kl-chart').first()).toContainText('right, climbing the verifier’s', LONG);
  await press(page, 'Stop');
  await expect(button(page, 'Go on')).toBeVisible();
  await expectAccessible(page);
});

test('the chapter on preferences is walked to its end', async ({ page }) => {
  await open(page, 'story/preference');
  await page.getByRole('radio', { name: 'rises with them' }).check();
  await button(page, 'Please the pupil').click();
  await expect(page.getByTestId('said-preference.truth')).toContainText('You said rises with them; it was', LONG);
  await expect(page.getByTestId('kl-chart')).toBeVisible();
  await expectAccessible(page);
});
