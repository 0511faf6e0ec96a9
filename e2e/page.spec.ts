// What holds on every screen: keys, languages, themes, narrow screens, accessibility; driven by the made-up engine.
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { question, submit, thinking, trainTo } from './person';

test.describe('The page', () => {
  test('digits switch screens, the question mark lists the keys, and neither works while writing', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await expect(question(page)).toBeVisible();
    // The keys are listened to a moment after the box is there.
    await expect(async () => {
      await page.keyboard.press('2');
      await expect(page).toHaveURL(/#story$/, { timeout: 500 });
    }).toPass();
    await page.keyboard.press('3');
    await expect(page).toHaveURL(/#train$/);
    await page.keyboard.press('4');
    await expect(page).toHaveURL(/#stages$/);
    await page.keyboard.press('5');
    await expect(page).toHaveURL(/#compare$/);
    await page.keyboard.press('6');
    await expect(page).toHaveURL(/#models$/);
    await page.keyboard.press('7');
    await expect(page).toHaveURL(/#device$/);
    await page.keyboard.press('8');
    await expect(page).toHaveURL(/#lab$/);
    await expectAccessible(page);
    await page.keyboard.press('1');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(help).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(help).toBeHidden();
    await question(page).fill('');
    await question(page).pressSequentially('2?');
    await expect(question(page)).toHaveValue('2?');
    await expect(page).toHaveURL(/#ask$/);
  });

  test('everything on Ask can be reached and done by keyboard alone', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await expect(page.getByTestId('model-status')).toContainText('r1');
    await page.keyboard.press('/');
    await page.keyboard.type('9-8+3-7');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await page.getByRole('link', { name: 'Ask' }).focus();
    await page.keyboard.press('t');
    await expect(thinking(page)).not.toBeChecked();
  });

  test.describe('in Chinese', () => {
    test.use({ locale: 'zh-CN' });

    test('speaks Chinese to a Chinese browser, and switches', async ({ page }) => {
      await page.goto(`${FAST}#ask`);
      await expect(page.getByRole('heading', { name: '一个把思考过程说出来的小模型。' })).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
      await page.getByRole('button', { name: '语言: English' }).click();
      await expect(page.getByRole('heading', { name: 'A small model that thinks out loud.' })).toBeVisible();
      await page.reload();
      await expect(page.getByRole('heading', { name: 'A small model that thinks out loud.' })).toBeVisible();
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`has nothing that axe finds fault with, in ${colorScheme}`, async ({ page }) => {
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.goto(`${FAST}#ask`);
      await submit(page, '9-8+3-7');
      await expect(page.getByTestId('verdict')).toBeVisible();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Train', exact: true }).click();
      await trainTo(page, 3);
      await page.getByRole('button', { name: 'Pause' }).click();
      await expect(page.getByTestId('phase')).toHaveText('Paused');
      await page.getByRole('button', { name: /^Compare on/ }).click();
      await expect(page.getByTestId('comparison')).toBeVisible();
      await page.getByRole('button', { name: 'All options' }).click();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'View as table' }).click();
      await page.getByRole('link', { name: 'Models' }).click();
      await expect(page.getByTestId('heat-map')).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page);
    });
  }

  test('fits a screen of 360 px without scrolling sideways', async ({ page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await page.goto(`${FAST}#ask`);
    await submit(page, '9-8+3-7+5-4+3-2');
    await expect(page.getByTestId('verdict')).toBeVisible();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await trainTo(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'View as table' }).click();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Models' }).click();
    await expect(page.getByTestId('heat-map')).toBeVisible();
    expect(await overflow()).toBeLessThanOrEqual(0);
  });

  test('keeps a chosen theme over reloads', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
    expect(await background()).not.toBe(light);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
    await expect.poll(background).not.toBe(light);
  });
});
