// Watching it think, and being told the truth about it: the first sight, the pace, what the model knows, what training delays.
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { button, question, submit, thinking, tokens } from './person';

/** As a visitor comes: nothing is stored yet. */
const FRESH = { cookies: [], origins: [] };

const knows = (page: Page) => page.getByTestId('knows');
const verdict = (page: Page) => page.getByTestId('verdict');

test.describe('A visitor', () => {
  test.use({ storageState: FRESH });

  for (const [width, height] of [
    [1280, 800],
    [768, 1024],
    [360, 740],
  ] as const) {
    test(`at ${width} px sees what this is, the box to ask in and a thought being written, and nothing jumps`, async ({
      page,
    }) => {
      await page.setViewportSize({ width, height });
      await page.addInitScript(() => {
        const all: number[] = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) all.push(entry.value);
        }).observe({ type: 'layout-shift', buffered: true });
        Object.assign(window, { shifts: all });
      });
      await page.goto(`${FAST}#ask`);
      const step = page.getByRole('region', { name: 'Thinking' }).last().getByRole('listitem').first();
      for (const seen of [page.getByRole('heading', { level: 1 }), question(page), step]) {
        await expect(seen).toBeInViewport();
      }
      await expect(page.getByText('recorded', { exact: true })).toBeVisible();
      await expect(verdict(page)).toHaveCount(0);
      const place = await question(page).boundingBox();
      await expect(page.getByTestId('model-status')).toContainText('r1');
      await expect(verdict(page)).toBeVisible({ timeout: 15_000 });
      // What drew the recording is not what a visitor asks about.
      await expect(page.getByRole('main')).not.toContainText('llvmpipe');
      expect(await question(page).boundingBox()).toEqual(place);
      const shift = await page.evaluate(() => {
        const { shifts } = window as unknown as { shifts: number[] };
        return shifts.reduce((sum, value) => sum + value, 0);
      });
      expect(shift).toBeLessThan(0.03);
      await expectAccessible(page);
    });
  }

  test('reads the thinking at a reading pace, and the answer waits for it unless all is wanted', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await submit(page, '9-8+3-7');
    await expect(page.getByRole('listitem').filter({ hasText: '9 − 8 = 1' })).toBeVisible();
    // The engine is long done: the next question could be asked.
    await expect(button(page, 'Ask')).toBeVisible();
    await expect(verdict(page)).toHaveCount(0);
    await expect(tokens(page)).not.toHaveCount(24);
    await button(page, /^Show all/).click();
    await expect(verdict(page)).toHaveText('✓ Correct. The verifier agrees.');
    await expect(thinking(page)).toBeChecked();
    await expect(tokens(page)).toHaveCount(24);
  });

  test('has a recording whole at once where motion is unwanted', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(`${FAST}#ask`);
    await expect(verdict(page)).toBeVisible({ timeout: 2000 });
  });
});

test('token by token, each comes at a press; Escape ends it there', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await page.getByRole('combobox', { name: 'How fast the thinking is shown' }).selectOption('token by token');
  await submit(page, '9-8+3-7');
  await expect(page.getByText('Press Space for the next token.')).toBeVisible();
  await expect(tokens(page)).toHaveCount(0);
  await question(page).blur();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await button(page, /^Next token/).click();
  await expect(tokens(page)).toHaveText(['<think>', '9', '-']);
  await page.keyboard.press('Escape');
  await expect(page.getByText('Stopped before an answer.')).toBeVisible();
  await expect(tokens(page)).toHaveCount(3);
  await page.reload();
  await expect(page.getByRole('combobox', { name: 'How fast the thinking is shown' })).toHaveValue('step');
});

test('what the model knows is said before the answer, with the nearest example one click away', async ({ page }) => {
  await page.goto(`${FAST}#ask`);
  await expect(knows(page)).toContainText(
    'r1 knows sums and differences of 4 to 8 numbers from 0 to 9, and nothing else.',
  );
  await question(page).fill('12*13');
  await expect(knows(page)).toContainText('This is something else: its answer will mean nothing.');
  await question(page).fill('2+2');
  await expect(knows(page)).toContainText('This is of another size, so expect it to be wrong.');
  // It can be asked all the same.
  await question(page).press('Enter');
  await expect(verdict(page)).toBeVisible();
  await expect(page.getByText('of another size than it knows')).toBeVisible();
  await knows(page).getByRole('button', { name: '7 − 4 + 4 − 5' }).click();
  await expect(question(page)).toHaveValue('7-4+4-5=?');
  await expect(knows(page)).toContainText('and nothing else.');
});

test('a typed question outlives a change of screen, and a refusal stands at the box and leaves the answer', async ({
  page,
}) => {
  await page.goto(`${FAST}#ask`);
  await submit(page, '9-8+3-7');
  await expect(verdict(page)).toBeVisible();
  await question(page).fill('who wrote § 7');
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('link', { name: 'Ask' }).click();
  await expect(question(page)).toHaveValue('who wrote § 7');
  await question(page).press('Enter');
  await expect(page.getByRole('alert')).toContainText('The model does not know the character "w".');
  await expect(verdict(page)).toBeVisible();
  const [box, alert] = await Promise.all([question(page).boundingBox(), page.getByRole('alert').boundingBox()]);
  expect((alert?.y ?? 0) - (box?.y ?? 0)).toBeLessThan(100);

  await submit(page, `${'1+'.repeat(2500)}1`);
  await expect(page.getByTestId('answered-by')).toBeVisible();
  const heading = page.getByRole('heading', { level: 2 }).first();
  expect((await heading.boundingBox())?.height).toBeLessThan(120);
  expect((await heading.textContent())?.length).toBeLessThan(200);
  await button(page, 'Show all of the question').click();
  await expect(page.getByRole('textbox', { name: 'All of the question' })).toHaveValue(/^(1\+){2500}1$/);
});

test('while a run trains, every screen says so, a question waits for the step, and its answer names the model', async ({
  page,
}) => {
  await page.goto('/?engine=fake&speed=0.15#train');
  const heightsOfHead = async () => {
    const heights = [];
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      heights.push((await page.getByRole('banner').boundingBox())?.height);
    }
    return heights;
  };
  await expect(page.getByTestId('model-status')).toContainText('parameters');
  const heights = await heightsOfHead();
  await button(page, 'Start training').click();
  await expect(page.getByTestId('step')).toContainText('step 1 ', { timeout: 15_000 });
  expect(await heightsOfHead()).toEqual(heights);
  for (const screen of ['Models', 'Ask']) {
    await page.getByRole('link', { name: screen, exact: true }).click();
    await expect(page.getByTestId('training-status')).toContainText(/training calm-otter-1\s*step \d+ of 60/);
  }
  await expect(page.getByTestId('training-waits')).toContainText(
    /An answer waits for its step to end, up to [\d.]+ sec/,
  );
  await submit(page, '9-8+3-7');
  await expect(page.getByText(/Waiting for step \d+ of the training to end/)).toBeVisible();
  await expect(page.getByTestId('answered-by')).toHaveText(
    /^base · calm-otter-1 answers, at step \d+ of its training$/,
  );
  await page.getByTestId('training-status').click();
  await expect(page).toHaveURL(/#train$/);
});

test('while something is measured on another screen, Ask says what an answer waits for', async ({ page }) => {
  await page.goto('/?engine=fake&speed=0.1#compare');
  await page.getByRole('region', { name: 'Test-time scaling' }).getByRole('button', { name: 'Measure' }).click();
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await expect(page.getByTestId('training-waits')).toHaveText(
    'An answer now waits for a batch of the measurement on Compare to end.',
  );
});
