// A model that makes its own problems; driven by the made-up engine, in which sums grow by a number in five steps.
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { button, watchConsole } from './person';

test.describe('A curriculum of its own', () => {
  test('what it asks and how far it comes is shown, and said at the end', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.goto(`${FAST}#lab`);
    await page.getByRole('link', { name: 'No human data at all' }).click();
    await button(page, 'Let it teach itself').click();
    await expect(page.getByRole('status').filter({ hasText: /^Teaching itself: \d+ of 20$/ })).toBeVisible();
    await expect(page.getByText('From 3 to 7.', { exact: false })).toBeVisible();
    await expect(page.getByTestId('asked-problems').getByRole('row')).toHaveCount(4);
    await expect(page.getByTestId('live-frontier').locator('title')).toHaveCount(5);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
  });
});

test.describe('A curriculum of its own, in Chinese, dark, on a small screen, by keyboard', () => {
  test.use({ locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 780 } });

  test('it is stopped, and what was found stays', async ({ page }) => {
    await page.goto(`${FAST}#lab/curriculum`);
    const start = button(page, '让它自己教自己');
    await expect(start).toBeEnabled();
    await start.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('asked-problems')).toBeVisible();
    await button(page, '停止').focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status').filter({ hasText: '已停止。' })).toBeVisible();
    await expect(page.getByTestId('asked-problems')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
});
