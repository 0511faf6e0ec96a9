// Nim against the made-up engine: both players are made, one is loaded, a game is played by keyboard. Wide, then narrow, dark and
// in Chinese.
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { button } from './person';

const moves = (page: Page) => page.getByTestId('nim-moves').getByRole('listitem');

test('both players are made, and one of them is played against by keyboard', async ({ page }) => {
  await page.goto(`${FAST}#lab/nim`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Move 37: learning by trial');
  await expect(page.getByText('has not learned Nim')).toBeVisible();
  await expect(page.getByRole('figure')).toHaveCount(2);
  await button(page, 'Make both here').press('Enter');
  await expect(page.getByRole('progressbar', { name: 'Making the players' })).toBeVisible();
  const player = button(page, 'Play against it: The same after self-play');
  await expect(player).toBeEnabled();
  await player.press('Enter');
  await expect(page.getByText('It plays against you')).toBeVisible();
  await expectAccessible(page);

  const take = button(page, 'Take 1 from the heap of 19');
  await take.focus();
  await page.keyboard.press('Enter');
  await expect(moves(page)).toHaveCount(2);
  await expect(moves(page).first()).toContainText('a winning move was there');
  await expect(moves(page).nth(1)).toContainText('wins against perfect play');
  await expect(page.getByRole('status').getByText('Your move.')).toBeVisible();
  await button(page, 'New game, the model begins').click();
  await expect(moves(page)).toHaveCount(1);
  await expectAccessible(page);
});

test.describe('in Chinese, dark, on a small screen', () => {
  test.use({ locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 740 } });

  test('the chapter on it is walked to its end, and leads to the game', async ({ page }) => {
    await page.goto(`${FAST}#story/selfPlay`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('和自己对弈');
    await page.getByRole('radio', { name: '比老师多' }).check();
    await button(page, '先模仿，再对弈').press('Enter');
    await expect(page.getByTestId('said-selfPlay.share')).toContainText('你猜的是比老师多');
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole('article').getByRole('link', { name: '实验室' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('第 37 手：在尝试中学习');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
});
