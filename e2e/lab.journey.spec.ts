// The lab's experiments and the story's chapters on them, live on the processor: a text is packed and unpacked, nine models are
// trained, a model learns from its own thoughts. Wide in English, then narrow, dark and in Chinese, by keyboard.
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { button } from './person';

const open = (page: Page, hash: string) => page.goto(`/?device=cpu#${hash}`);
const came = (page: Page, question: string) => page.getByTestId(`said-${question}`);
const LONG = { timeout: 200_000 };

const fits = async (page: Page) =>
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);

test('a text is packed and comes out again, and nine models show their law', async ({ page }) => {
  await open(page, 'lab');
  await page.getByRole('link', { name: /^The model as a compressor/ }).click();
  await button(page, 'Take a held-out text').click();
  await button(page, /^Pack it by/).click();
  const sizes = page.getByTestId('sizes');
  const bytes = async (form: string) =>
    Number(await sizes.getByRole('row', { name: form }).getByRole('cell').first().textContent());
  await expect(sizes).toBeVisible();
  expect(await bytes('packed by the model')).toBeLessThan((await bytes('gzip of your browser')) / 2);
  await button(page, 'Unpack it and compare').click();
  await expect(page.getByText('What came out is what went in, byte for byte.')).toBeVisible();
  await expectAccessible(page);

  await open(page, 'lab/scaling');
  await button(page, 'Train nine models').click();
  await expect(page.getByRole('status').getByText(/of 9 done|The first one trains/)).toBeVisible();
  await expect(page.getByText('The law misses a measured loss by', { exact: false })).toHaveCount(2, LONG);
  await expectAccessible(page);
});

test('the chapter on size is walked to its end', async ({ page }) => {
  await open(page, 'story/scaling');
  await page.getByRole('radio', { name: 'the size' }).check();
  await button(page, 'Train nine models').click();
  await expect(came(page, 'scaling.more')).toContainText('You said the size; it was the text', LONG);
  await expectAccessible(page);
});

test.describe('in Chinese, dark, on a small screen, by keyboard', () => {
  test.use({ locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 360, height: 740 } });

  test('a model learns from its own thoughts', async ({ page }) => {
    await open(page, 'story/conversations');
    const guess = page.getByRole('radio', { name: '不到 30%' });
    await guess.focus();
    await page.keyboard.press('Space');
    await button(page, '回答 120 个问题，然后学习').focus();
    await page.keyboard.press('Enter');
    await expect(came(page, 'conversations.share')).toContainText('你猜的是不到 30%', LONG);
    const shares = await page.getByTestId('own-thoughts').getByText(/%/).allTextContents();
    const [before, after] = shares.map((share) => Number.parseInt(share, 10));
    expect(after).toBeGreaterThan(before ?? 100);
    await fits(page);
    await expectAccessible(page);
  });

  test('every experiment of the lab fits', async ({ page }) => {
    await open(page, 'lab');
    const heading = page.getByRole('heading', { level: 1 });
    await expect(heading).toHaveText('实验室');
    const places = await page
      .getByRole('main')
      .getByRole('link')
      .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).hash));
    expect(places.filter((hash) => hash.startsWith('#lab/')).length).toBeGreaterThanOrEqual(4);
    for (const hash of places.filter((place) => place.startsWith('#lab/'))) {
      const before = (await heading.textContent()) ?? '';
      await page.goto(`/?device=cpu${hash}`);
      await expect(heading).not.toHaveText(before);
      await fits(page);
      await expectAccessible(page);
    }
  });
});
