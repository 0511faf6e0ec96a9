// The room of a screen is used: what belongs together stands side by side, and nothing hangs below an empty space.
import { expect, type Locator } from '@playwright/test';
import { FAST, test } from './fakeEngine';
import { button, unfold } from './person';

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  if (!box) throw new Error('it is not on the page');
  return box;
}

test('a wide screen is filled: options in columns, the card beside its model', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${FAST}#train`);
  await expect(button(page, 'Start training')).toBeVisible();
  await unfold(page, 'All options');
  const options = page.getByRole('region', { name: 'All options' }).getByRole('textbox');
  await expect(options.nth(10)).toBeVisible();
  const lefts = await Promise.all((await options.all()).map(async (option) => (await boxOf(option)).x));
  expect(new Set(lefts).size).toBeGreaterThanOrEqual(3);

  await page.goto(`${FAST}#models`);
  const card = page.getByRole('region', { name: 'Model card' });
  await expect(card.getByRole('heading').nth(1)).toBeVisible();
  const [model, beside] = [await boxOf(page.getByRole('heading', { level: 1 })), await boxOf(card)];
  expect(beside.x).toBeGreaterThan(model.x + 400);
  expect(Math.abs(beside.y - model.y)).toBeLessThan(60);
});

test('on a tablet the settings stand beside the curves', async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 1024 });
  await page.goto(`${FAST}#train`);
  await expect(button(page, 'Start training')).toBeVisible();
  const [settings, lead] = [
    await boxOf(page.getByRole('combobox', { name: 'Task' })),
    await boxOf(page.getByTestId('lead')),
  ];
  expect(settings.y).toBeLessThan(500);
  expect(lead.x).toBeGreaterThan(settings.x + settings.width);
});

test('the titles of the curves are whole, in both languages', async ({ page }) => {
  await page.goto(`${FAST}#train`);
  const titles = page.getByRole('region', { name: /^(Curves|曲线)$/ }).getByRole('heading');
  for (const language of ['English', '中文']) {
    if (language === '中文') await page.getByRole('button', { name: '中文' }).click();
    for (const width of [1280, 768, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(titles.first()).toBeVisible();
      const cut = await titles.evaluateAll((all) =>
        all
          .filter((h) => h.scrollWidth > h.clientWidth || h.scrollHeight > h.clientHeight + 1)
          .map((h) => h.textContent),
      );
      expect(cut, `${language}, ${width} px`).toEqual([]);
    }
  }
});
