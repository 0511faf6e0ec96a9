// The story's first five chapters, walked to their ends on the real engine: every prediction made, everything tried.
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { watchPatience } from './patience';
import { button } from './person';

/** What came of a question; it is there once that was seen. */
const came = (page: Page, question: string) => page.getByTestId(`said-${question}`);

/** Pretraining takes half a minute where nothing else does. */
const LONG = { timeout: 200_000 };

async function next(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: /^Next/ }).click();
  const heading = page.getByRole('heading', { level: 1, name: title });
  await expect(heading).toBeFocused();
}

test('a newcomer walks through the first five chapters, guesses and sees what comes', async ({ page }) => {
  const patience = await watchPatience(page);
  await page.goto('/');
  // Within ten seconds a sentence says what this is, and a thought is being written.
  const soon = { timeout: 10_000 };
  await expect(page.getByText('A language model made like DeepSeek-R1')).toBeVisible(soon);
  await expect(page.getByRole('region', { name: 'Thinking' }).getByRole('listitem').first()).toBeInViewport(soon);
  await page.getByRole('link', { name: 'Begin the story' }).click();
  await page.getByRole('link', { name: 'Begin', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A machine that guesses what comes next');
  await button(page, 'Let it read').click();
  await button(page, 'Draw the next token').click();
  const likeliest = page.getByRole('list', { name: 'The likeliest next tokens' });
  await expect(likeliest.getByRole('listitem')).not.toHaveCount(0);
  const other = likeliest.getByRole('button').nth(1);
  const taken = (await other.locator('span').first().textContent()) ?? '';
  await other.click();
  await expect(page.getByTestId('next-token').locator('.underline')).toHaveText(taken);
  await expect(button(page, 'Draw the rest')).toBeEnabled();
  await expect(button(page, 'Pretrain a model')).toBeDisabled();
  await page.getByRole('radio', { name: '1 to 2' }).check();
  await button(page, 'Pretrain a model').click();
  await expect(page.getByRole('region', { name: 'What it writes after' }).getByRole('listitem')).not.toHaveCount(0);
  await expect(came(page, 'predictor.bits')).toContainText('You said 1 to 2; it was', LONG);
  await expectAccessible(page);

  await next(page, 'The wall');
  await page.getByRole('radio', { name: 'about the same' }).check();
  await button(page, 'Read 60,000 tokens more').click();
  await expect(came(page, 'wall.more')).toContainText('You said about the same');
  await expectAccessible(page);

  await next(page, 'Think before you answer');
  await button(page, 'Ask it both ways').click();
  await expect(page.getByTestId('verdict')).toHaveCount(2);
  await page.getByRole('textbox', { name: /at once\?/ }).fill('4');
  await page.getByRole('textbox', { name: /may think/ }).fill('33');
  await button(page, 'Ask forty problems each way').click();
  const counts = await Promise.all(
    ['think.blurted', 'think.thought'].map(async (question) => {
      await expect(came(page, question)).toBeVisible();
      return Number(/it was (\d+)/.exec((await came(page, question).textContent()) ?? '')?.[1]);
    }),
  );
  expect(counts[1]).toBeGreaterThan(counts[0] ?? 40);
  await expectAccessible(page);

  await next(page, 'A rule instead of a teacher');
  await page.getByRole('textbox', { name: /Of eight answers/ }).fill('3');
  await button(page, 'Draw eight answers').click();
  await expect(came(page, 'rule.right')).toContainText('You said 3');
  await expect(page.getByTestId('rollout-group').getByRole('listitem')).toHaveCount(8);
  await expectAccessible(page);

  await next(page, 'One step');
  await page.getByRole('radio', { name: 'more' }).check();
  await button(page, 'Take one step').click();
  await expect(page.getByTestId('rollout-group').getByRole('listitem')).toHaveCount(8);
  await page.getByRole('button', { name: 'formula' }).first().click();
  await expect(page.getByTestId('answer-formula')).toBeVisible();
  await button(page, 'Ask the changed model the same question again').click();
  await expect(came(page, 'step.again')).toContainText('You said more');
  await expectAccessible(page);
  await expect(page.getByRole('link', { name: 'Next: R1-Zero' })).toBeVisible();

  const { longest, mostMs } = await patience();
  expect(longest.ms, `waited in ${longest.hash} after “${longest.after}”`).toBeLessThan(mostMs);
});

test.describe('in Chinese, on a small screen, by keyboard alone', () => {
  test.use({ locale: 'zh-CN', viewport: { width: 360, height: 740 } });

  test('the same chapters can be walked', async ({ page }) => {
    /** Moves on with Tab until an element of this name has the focus. */
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement | null;
          return `${element?.labels?.[0]?.textContent ?? ''} ${element?.textContent ?? ''}`.trim();
        });
        if (name.test(focused)) return;
      }
      throw new Error(`Nothing named ${name} could be reached.`);
    };
    const press = async (name: RegExp) => {
      await tabTo(name);
      await page.keyboard.press('Enter');
    };
    const fits = async () =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    const next = async (title: string) => {
      await press(/^下一章/);
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeFocused();
    };
    await page.goto('/#story');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await press(/^开始$/);
    await expect(page.getByRole('heading', { level: 1, name: '一台猜“下一个”的机器' })).toBeVisible();
    await tabTo(/超过 4/);
    await page.keyboard.press('ArrowDown');
    await press(/^预训练一个模型/);
    await expect(came(page, 'predictor.bits')).toContainText('你猜的是', LONG);
    await fits();

    await next('墙');
    await tabTo(/超过 60%/);
    await page.keyboard.press('ArrowDown');
    await press(/^再读 6 万个词元/);
    await expect(came(page, 'wall.more')).toContainText('你猜的是');
    await fits();

    await next('先想再答');
    await tabTo(/必须立刻作答时/);
    await page.keyboard.type('5');
    await tabTo(/允许它思考时/);
    await page.keyboard.type('30');
    await press(/^两种方式各问四十道/);
    await expect(came(page, 'think.thought')).toContainText('你猜的是30');
    await fits();

    await next('用规则代替老师');
    await tabTo(/会有几个正确/);
    await page.keyboard.type('2');
    await press(/^抽八个回答/);
    await expect(came(page, 'rule.right')).toContainText('你猜的是2');
    await fits();
    await expectAccessible(page);

    await next('一步');
    await tabTo(/更多/);
    await page.keyboard.press('ArrowDown');
    await press(/^走一步/);
    await expect(page.getByRole('button', { name: '拿同一个问题再问改变后的模型' })).toBeEnabled();
    await press(/^拿同一个问题再问/);
    await expect(came(page, 'step.again')).toContainText('你猜的是');
    await fits();
  });
});
