// Asking the real engine: the model that the page ships, nothing made up.
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { ask, button, completion, open, question, set, thinking, tokens, unfold } from './person';

const MOST_TOKENS = 240;

/** So hot that most answers ramble on to the last token allowed: time to do something in their midst. */
async function heat(page: Page): Promise<void> {
  await unfold(page, 'Sampling');
  await set(page, 'Temperature', 4);
  await set(page, 'Most tokens', MOST_TOKENS);
}

/** Asks with one seed after another, since some end at once, until `act` came in the midst of an answer. */
async function amidAnswer(page: Page, act: () => Promise<void>): Promise<void> {
  let seed = 0;
  await expect(async () => {
    await set(page, 'Seed', ++seed);
    await ask(page, '9-8+3-7=?');
    await page.waitForFunction(() => document.querySelector('[role="toolbar"] button') !== null);
    await act();
  }).toPass({ timeout: 60_000, intervals: [0] });
}

const isAnswering = (page: Page) => button(page, /^Stop/).first().isVisible();

test('it answers, and the same seed answers the same', async ({ page }) => {
  await open(page, 'ask');
  await ask(page, '9-8+3-7=?');
  const first = await completion(page);
  expect(first.join('')).toMatch(/<answer>.*<\/answer>end$/);
  await ask(page, '9 − 8 + 3 − 7');
  expect(await completion(page)).toEqual(first);
  await expect(page.getByText(/prefill [\d,]+ tok\/s/)).toBeVisible();
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByTestId('heat-map').getByRole('row')).not.toHaveCount(0);
});

test('a hot answer is another one with another seed, and the same again with the same, and by its link', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, 'ask');
  await heat(page);
  const answers: string[][] = [];
  for (const seed of [1, 2, 1]) {
    await set(page, 'Seed', seed);
    await ask(page, '9-8+3-7=?');
    answers.push(await completion(page));
  }
  expect(answers[1]).not.toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  await button(page, 'Copy link').click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  // Until the model is there, a recorded answer is.
  const asked = (text: string) => expect(other.getByRole('heading', { level: 2, name: text })).toBeVisible();
  await other.goto(link);
  await asked('9 − 8 + 3 − 7 = ?');
  expect(await completion(other)).toEqual(answers[0]);
  // The address follows what is asked there, so that a reload asks that.
  await ask(other, '2+2+3-1=?');
  const next = await completion(other);
  await expect(other).toHaveURL(/#ask\?q=2%2B2%2B3-1/);
  await other.reload();
  await asked('2 + 2 + 3 − 1 = ?');
  expect(await completion(other)).toEqual(next);
});

test('a token says how likely it was and what else it might have been', async ({ page }) => {
  await open(page, 'ask');
  await ask(page, '9-8+3-7=?');
  await completion(page);
  await tokens(page).first().focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('token-reading')).toContainText(/“<\/answer>” drawn with probability \d/);
  await page.keyboard.press('Home');
  await expect(page.getByTestId('token-reading')).toContainText(/“<think>” drawn with probability \d.*instead: “/);
});

test('hidden by hand while it writes, the thinking stays hidden to the end and after a reload', async ({ page }) => {
  // Slow enough that one comes in its midst.
  await open(page, 'ask', 'gpu');
  await heat(page);
  await amidAnswer(page, async () => {
    // Another try begins with the thinking shown, too.
    await thinking(page).setChecked(true);
    await thinking(page).setChecked(false);
    expect(await isAnswering(page)).toBe(true);
  });
  await completion(page);
  await expect(thinking(page)).not.toBeChecked();
  await page.reload();
  await open(page, 'ask', 'gpu');
  await ask(page, '9-8+3-7=?');
  await completion(page);
  await expect(thinking(page)).not.toBeChecked();
});

test('Escape stops the answer, which keeps its tokens, and the next question is answered', async ({ page }) => {
  // Slow enough that one comes in its midst.
  await open(page, 'ask', 'gpu');
  await heat(page);
  await amidAnswer(page, async () => {
    await page.keyboard.press('Escape');
    const written = await completion(page);
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(MOST_TOKENS);
    expect(written.at(-1)).not.toBe('end');
  });
  await set(page, 'Temperature', 0);
  await ask(page, '2+2+3-1=?');
  expect((await completion(page)).at(-1)).toBe('end');
  await expect(page.getByTestId('verdict')).toBeVisible();
});

test('what cannot be asked is said, and the model stays usable', async ({ page }) => {
  await open(page, 'ask');
  await ask(page, '');
  await expect(page.getByRole('alert')).toContainText('The question is empty.');
  await ask(page, '2 € 2 = ?');
  await expect(page.getByRole('alert')).toContainText(/The model cannot read.*€/);
  await ask(page, `${'1+'.repeat(90)}1=?`);
  await expect(page.getByRole('alert')).toContainText(/has \d+ tokens; the model reads at most \d+/);
  await ask(page, '2 then 3 then');
  await expect(page.getByText('Nothing can check this: the question is of no known task.')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await ask(page, '2+2+3-1=?');
  await expect(page.getByTestId('verdict')).toBeVisible();
  await expect(question(page)).toHaveValue('2+2+3-1=?');
});

test('axe finds nothing in either theme, however strongly the tokens are tinted', async ({ page }) => {
  await open(page, 'ask');
  await heat(page);
  await ask(page, '9-8+3-7=?');
  await completion(page);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
});
