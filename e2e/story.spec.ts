// The later chapters of the story, each tried to its end once, driven by the made-up engine: some in Chinese on a small screen.
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { watchPatience } from './patience';
import { button } from './person';

const open = (page: Page, chapter: string) => page.goto(`${FAST}#story/${chapter}`);
const came = (page: Page, question: string) => page.getByTestId(`said-${question}`);

let patience: Awaited<ReturnType<typeof watchPatience>>;
test.beforeEach(async ({ page }) => {
  patience = await watchPatience(page);
});
test.afterEach(async () => {
  const { longest, mostMs } = await patience();
  expect(longest.ms, `waited in ${longest.hash} after “${longest.after}”`).toBeLessThan(mostMs);
});

test.describe('in Chinese, on a small screen', () => {
  test.use({ locale: 'zh-CN', viewport: { width: 360, height: 740 } });

  test.afterEach(async ({ page }) => {
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  });

  test('R1-Zero learns in sixteen steps, after a recording of it', async ({ page }) => {
    await open(page, 'zero');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('R1-Zero：从零开始');
    await expect(page.locator('figure canvas')).toHaveCount(2);
    await page.getByRole('textbox', { name: /会答对几道/ }).fill('40');
    await button(page, '走十五步').click();
    await expect(page.getByTestId('live-curves')).toBeVisible();
    await expect(came(page, 'zero.right')).toContainText('你猜的是40');
  });

  test('two languages are counted in eight thoughts, and one of them is asked for', async ({ page }) => {
    await open(page, 'languages');
    await page.getByRole('textbox', { name: /带中文词/ }).fill('4');
    await button(page, '抽八个回答').click();
    await expect(came(page, 'languages.chinese')).toContainText('你猜的是4');
    await button(page, '同一道题问 R1').click();
    await expect(page.getByRole('article').getByText(/^[✓✗] /)).toHaveCount(16);
  });
});

test('the four stages are guessed at, shown as recorded, and run small', async ({ page }) => {
  await open(page, 'stages');
  await page.getByRole('radio').first().check();
  await button(page, 'Show what came of each stage').click();
  await expect(came(page, 'stages.most')).toContainText('You said');
  await button(page, 'Run the small form here').click();
  await expect(page.getByRole('table')).toHaveCount(2);
  await expectAccessible(page);
});

test('a pupil is measured beside its teacher, and in the end every guess stands beside what came', async ({ page }) => {
  await open(page, 'pupil');
  await page.getByRole('textbox', { name: /How many does its pupil/ }).fill('20');
  await button(page, 'Ask both forty problems').click();
  await expect(came(page, 'pupil.right')).toContainText('You said 20');
  await expectAccessible(page);

  await page.getByRole('link', { name: 'What to make of it' }).click();
  await page.getByRole('textbox', { name: /how many held here in full/ }).fill('3');
  await button(page, 'Show what was measured').click();
  await expect(came(page, 'verdict.held')).toContainText('You said 3; it was 6.');
  await expect(page.getByTestId('guesses').getByRole('row')).toHaveCount(3);
  await expectAccessible(page);
});
