// What a person does on the page, driven by the made-up engine: no GPU, no model, quick.
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import type { AskRecording, RunRecording } from '../src/worker/recording';
import { test } from './fakeEngine';

const FAST = '/?engine=fake&speed=10';
const SLOW = '/?engine=fake&speed=0.5';

/** Fails the test on anything the browser complains of, its content policy included. */
function watchConsole(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The recordings may be absent, which the page survives.
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
  });
  return complaints;
}

const thinking = (page: Page) => page.getByRole('switch', { name: 'show thinking' });
const question = (page: Page) => page.getByRole('textbox', { name: 'Your question' });

async function ask(page: Page, text: string): Promise<void> {
  await question(page).fill(text);
  await question(page).press('Enter');
}

async function stepOf(page: Page): Promise<number> {
  return Number(/step (\d+)/.exec((await page.getByTestId('step').textContent()) ?? '')?.[1]);
}

async function trainTo(page: Page, step: number): Promise<void> {
  await page.getByRole('button', { name: 'Start training' }).click();
  await expect.poll(() => stepOf(page), { timeout: 20_000 }).toBeGreaterThanOrEqual(step);
}

test.describe('Ask', () => {
  test('the thinking comes step by step with marks, then the answer with a verdict', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.goto(`${FAST}#ask`);
    await ask(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toHaveText('✓ Correct. The verifier agrees.');
    await expect(page.getByTestId('answer')).toContainText('3');
    await expect(page.getByRole('button', { name: /Thought for .* · 18 tokens/ })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: '1 + 3 = 4' })).toContainText('✓ right');
    expect(complaints).toEqual([]);
  });

  test('collapsed while it thinks, the thinking stays collapsed to the end, and after a reload', async ({ page }) => {
    await page.goto(`${SLOW}#ask`);
    await ask(page, '9-8+3-7');
    await expect(page.getByRole('listitem').filter({ hasText: '9 − 8' })).toBeVisible();
    await thinking(page).click();
    await expect(thinking(page)).not.toBeChecked();
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(thinking(page)).not.toBeChecked();
    await page.goto(`${FAST}#ask`);
    await ask(page, '1+1');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(thinking(page)).not.toBeChecked();
  });

  test('the thinking stays open when the answer is there, unless it is to be tidied away', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await ask(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(thinking(page)).toBeChecked();
    await page.locator('summary', { hasText: 'Sampling and thinking' }).click();
    await page.getByRole('combobox', { name: 'When to show the thinking' }).selectOption('live, then tidy');
    await expect(thinking(page)).not.toBeChecked();
  });

  test('Escape stops the answer, which says so and keeps its tokens', async ({ page }) => {
    await page.goto(`${SLOW}#ask`);
    await ask(page, '9-8+3-7+5+5+5');
    await expect(page.getByRole('listitem').filter({ hasText: '9 − 8' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByText('Stopped before an answer.')).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: '9 − 8' })).toBeVisible();
  });

  test('again asks the same question with the next seed', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await ask(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(page.getByText('seed 7')).toBeVisible();
    await page.getByRole('button', { name: 'Again' }).click();
    await expect(page.getByText('seed 8')).toBeVisible();
  });

  test('arrow keys walk over the tokens and tell the probability of each', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await ask(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toBeVisible();
    const strip = page.getByRole('toolbar', { name: 'Token by token' });
    await strip.getByRole('button').first().focus();
    await page.keyboard.press('ArrowRight');
    await expect(strip.getByRole('button', { name: /“9”, probability \d+%/ }).first()).toBeFocused();
    await expect(page.getByTestId('token-reading')).toContainText(/“9” drawn with probability \d+/);
    await expect(page.getByTestId('token-reading')).toContainText('instead:');
  });

  test('a question that the model cannot read is refused in words, and the next one works', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await ask(page, 'what is 2+2');
    await expect(page.getByRole('alert')).toContainText('The model does not know the character "w".');
    await ask(page, '2+2');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('a screen reader hears phases and the answer, never the tokens', async ({ page }) => {
    await page.goto(`${SLOW}#ask`);
    const status = page.getByRole('status');
    await ask(page, '9-8+3-7');
    await expect(status).toContainText('Thinking');
    await expect(status).not.toContainText('9');
    await expect(status).toContainText('Answer ready: -3. Correct. 24 tokens.', { timeout: 15_000 });
  });
});

test.describe('Train', () => {
  test('a run starts, pauses, takes a step, and tells its story', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.goto(`${FAST}#train`);
    await trainTo(page, 11);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    const before = await stepOf(page);
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await expect(page.getByTestId('step')).toHaveText(`step ${before + 1} of 60`);
    await expect(page.getByTestId('lead')).toHaveText(
      /It answered 41% right before\. At step \d+ it answers \d+%, and thinks/,
    );
    await expect(page.getByTestId('value-reward')).toHaveText(/0\.\d+/);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Finished');
    expect(complaints).toEqual([]);
  });

  test('brackets move the step that curves and rollouts show together', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 4);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    const last = await stepOf(page);
    await page.keyboard.press('[');
    await expect(page.getByTestId('group-where')).toContainText(`step ${last - 1} ·`);
    await expect(page.getByRole('slider', { name: 'reward', exact: true })).toHaveAttribute(
      'aria-valuenow',
      `${last - 1}`,
    );
    await page.keyboard.press(']');
    await expect(page.getByTestId('group-where')).toContainText(`step ${last} ·`);
    await page.getByRole('slider', { name: 'reward', exact: true }).press('Home');
    await expect(page.getByTestId('group-where')).toContainText('step 1 ·');
  });

  test('a group shows every answer with its reward parts, its signed advantage and why it ended', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Pause' }).click();
    const group = page.getByTestId('rollout-group');
    await expect(group.getByRole('listitem')).toHaveCount(8);
    await expect(group.getByRole('listitem').first()).toContainText(/advantage \+\d\.\d\d/);
    await expect(group.getByRole('listitem').last()).toContainText(/advantage −\d\.\d\d/);
    await expect(group.getByRole('listitem').first()).toContainText(
      /right answer 1 · form 1.*reward 1\.10 · \d+ tokens/s,
    );
    for (let i = 0; i < 4; i++) await page.getByRole('button', { name: 'Next question' }).click();
    await expect(group).toContainText('no signal');
  });

  test('the language of the thinking is drawn, and its words are marked by more than colour', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('value-completions/thinking_language/en')).toHaveText(/^[5-7]\d%$/);
    await expect(page.getByTestId('value-completions/thinking_language/zh')).toHaveText(/^[2-5]\d%$/);
    const chart = page.getByRole('slider', { name: 'language of the thinking' });
    await chart.press('Home');
    await expect(chart).toHaveAttribute('aria-valuetext', /^English: step 1: \d+%; 中文: step 1: \d+%$/);
    const group = page.getByTestId('rollout-group');
    const decoration = (language: string) =>
      group
        .locator(`[lang=${language}]`)
        .first()
        .evaluate((word) => [word.textContent, getComputedStyle(word).textDecorationStyle]);
    expect(await decoration('en')).toEqual(['then', 'solid']);
    expect(await decoration('zh')).toEqual(['然后', 'dotted']);
  });

  test('before and after are counted and shown in pairs', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Compare on 64 held-out questions' }).click();
    const comparison = page.getByTestId('comparison');
    await expect(comparison.getByRole('button', { name: '35 fixed' })).toBeVisible();
    await expect(comparison.getByRole('button', { name: '2 broken' })).toBeVisible();
    await expect(comparison.getByRole('button', { name: '27 unchanged' })).toBeVisible();
    const mark = comparison.locator('mark');
    await expect(mark.first()).toHaveText('</think>');
    await expect(mark.nth(1)).toHaveText(/^\d$/);
    const byTerms = comparison.getByRole('table', { name: /^By difficulty/ });
    await expect(byTerms.getByRole('rowheader')).toHaveText(['4', '5', '6', '7', '8']);
    await expect(byTerms.getByRole('row').nth(1)).toHaveText(
      /^4\d+%\(\d+% – \d+%\) [\d.]+ tokens\d+%\(\d+% – \d+%\) [\d.]+ tokens$/,
    );
    await comparison.getByRole('button', { name: '2 broken' }).click();
    await expect(comparison.getByRole('listitem')).toHaveCount(2);
    await expect(comparison.getByRole('listitem').first()).toContainText(/✓ right.*✗ wrong/);
  });

  test('a start with nothing to learn from asks first, and says what to expect; no key that scrolls starts anything', async ({
    page,
  }) => {
    await page.goto(`${FAST}#train`);
    await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
    for (const key of ['Space', 'Enter', 'PageDown', '.', 'p']) await page.keyboard.press(key);
    await expect(page.getByText('There are none yet.')).toBeVisible();
    const task = page.getByRole('combobox', { name: 'Task' });
    await task.selectOption('Countdown');
    await page.getByRole('button', { name: 'Start training' }).click();
    const doubt = page.getByRole('alertdialog');
    await expect(doubt).toContainText('base was just tried on 16 held-out questions of “Countdown” and answered none');
    await expect(doubt).toContainText('npm run cli -- pipeline recipes/tasks/countdown.json');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Do not start' }).click();
    await expect(page.getByText('There are none yet.')).toBeVisible();
    await task.selectOption('Chained sums');
    const rate = page.getByRole('textbox', { name: 'Learning rate' });
    await rate.fill('100');
    await rate.press('Enter');
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Finished');
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(doubt).toContainText('The run that it comes from, calm-otter-1, may have wrecked it.');
    await page.getByRole('button', { name: 'Start from base, as it came' }).click();
    await expect(page.getByText('calm-otter-2', { exact: true }).first()).toBeVisible();
    await expect.poll(() => stepOf(page)).toBeGreaterThanOrEqual(1);
  });

  test('an interrupted run is offered on return and goes on where it was', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    const step = await stepOf(page);
    await page.reload();
    await expect(page.getByText(`It stopped at step ${step}, and is saved up to there.`)).toBeVisible();
    await page.getByRole('button', { name: 'Resume calm-otter-1' }).click();
    await expect.poll(() => stepOf(page)).toBeGreaterThan(step);
    await expect(page.getByRole('slider', { name: 'reward', exact: true })).toHaveAttribute('aria-valuemin', '1');
  });

  test('a lost GPU is said on every screen, and reconnecting brings the run back', async ({ page }) => {
    await page.goto(`${FAST}&lose=12#train`);
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByRole('alert')).toHaveText(/The GPU went away\..*Reconnect$/);
    await expect(page.getByTestId('phase')).toHaveText('Failed');
    await page.getByRole('link', { name: 'Ask' }).click();
    await expect(page.getByRole('alert')).toHaveCount(1);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    await expect(page.getByTestId('step')).toHaveText('step 10 of 60');
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('a run that failed is offered after a reload, and from which step it goes on', async ({ page }) => {
    await page.goto(`${FAST}&lose=12#train`);
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Failed');
    await page.goto('about:blank');
    await page.goto(`${FAST}#train`);
    await expect(
      page.getByText('It stopped at step 12. Its last checkpoint is of step 10: 2 steps are trained again.'),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Resume calm-otter-1' }).click();
    await expect(page.getByTestId('step')).toHaveText('step 11 of 60');
  });

  test('on a full disk a run goes on and says what would be lost; a damaged checkpoint is told of', async ({
    page,
  }) => {
    await page.goto(`${FAST}&disk=full#train`);
    await trainTo(page, 11);
    await expect(page.getByRole('alert')).toContainText('There is no space left');
    await expect(page.getByRole('alert')).toContainText('loses what it learned since step 0');
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto('about:blank');
    await page.goto(`${FAST}&checkpoints=damaged#train`);
    await page.getByRole('button', { name: 'Resume calm-otter-1' }).click();
    await expect(page.getByRole('alert')).toContainText('Every checkpoint of this run is damaged');
  });

  test('a run that another tab has can be looked at, and is taken over once that tab is closed', async ({
    page,
    context,
  }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    const step = await stepOf(page);
    const other = await context.newPage();
    const complaints = watchConsole(other);
    await other.goto(`${FAST}#train`);
    await expect(other.getByText('open in another tab')).toBeVisible();
    await expect(other.getByRole('button', { name: 'Resume calm-otter-1' })).toHaveCount(0);
    await expect(other.getByRole('button', { name: 'Delete calm-otter-1' })).toBeDisabled();
    await other.getByRole('button', { name: 'Look calm-otter-1' }).click();
    const note = other.getByRole('alert');
    await expect(note).toContainText('Another tab of this browser has calm-otter-1.');
    await expect(other.getByTestId('value-reward')).toHaveText(/0\.\d+/);
    await expect(other.getByTestId('rollout-group').getByRole('listitem')).toHaveCount(8);
    await expect(other.getByRole('button', { name: 'Start training' })).toBeEnabled();
    await expectAccessible(other);
    const retry = other.getByRole('button', { name: 'Try to open it here' });
    await retry.click();
    await expect(retry).toBeEnabled();
    await expect(note).toBeVisible();

    await page.close();
    await retry.click();
    await expect(note).toHaveCount(0);
    await expect(other.getByTestId('step')).toHaveText(`step ${step} of 60`);
    await other.getByRole('button', { name: 'Resume', exact: true }).click();
    await expect.poll(() => stepOf(other)).toBeGreaterThan(step);
    expect(complaints).toEqual([]);
  });

  test('a second run starts from the trained model and says so, or from the shipped one', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    const start = page.getByRole('combobox', { name: 'A new run starts from' });
    for (const number of [1, 2]) {
      await trainTo(page, 1);
      await page.getByRole('button', { name: 'Stop' }).click();
      await expect(page.getByTestId('phase')).toHaveText('Finished');
      await expect(page.getByTestId('model-status')).toContainText(new RegExp(`^base · calm-otter-${number} ·`));
      await expect(start.locator('option:checked')).toHaveText(`base · calm-otter-${number}, as it is now`);
    }
    await expect(page.getByText('from calm-otter-1')).toBeVisible();
    // A choice starts nothing; the button does.
    await start.selectOption('base, as it came');
    await expect(page.getByTestId('phase')).toHaveText('Finished');
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('model-status')).toContainText('base · calm-otter-3');
    await expect(page.getByText(/^from calm-otter/)).toHaveCount(1);
  });

  test('a recipe says what it changes', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await expect(page.getByText('Only rules reward a base model.')).toBeVisible();
    await page.getByRole('combobox', { name: 'Recipe' }).selectOption('GSPO');
    await expect(page.getByText('The ratio is taken once for a whole answer.')).toBeVisible();
  });

  test('the KL says from what, and whether that is renewed', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    const help = page.getByRole('button', { name: 'About KL from the reference' });
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Finished');
    await help.click();
    await expect(page.getByText('from the reference, the model it started as.')).toBeVisible();
    await page.getByRole('button', { name: 'All options' }).click();
    await page.getByRole('combobox', { name: 'Move the reference' }).selectOption('on');
    await trainTo(page, 1);
    await help.click();
    await expect(page.getByText('The reference is renewed every 512 updates of the weights')).toBeVisible();
  });

  test('leaving while it trains asks first', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 1);
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.accept();
  });

  test('an option out of range says its range, is not taken over, and nothing starts meanwhile', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    const field = page.getByRole('textbox', { name: 'Learning rate' });
    await field.fill('fast');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription('It takes a number of at least 0.');
    for (const start of ['Start training', 'Step'] as const) {
      await page.getByRole('button', { name: start, exact: true }).click();
      await expect(field).toBeFocused();
    }
    await expect(page.getByRole('button', { name: 'Start training' })).toBeEnabled();
    await field.fill('3e-4');
    await field.blur();
    await page.reload();
    await expect(field).toHaveValue('3e-4');
  });

  test('the curves can be read as a table', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'All metrics' }).click();
    await page.getByRole('button', { name: 'View as table' }).click();
    await expect(page.getByRole('columnheader', { name: 'grad_norm' })).toBeVisible();
    await expect(page.getByRole('rowheader', { name: '2', exact: true })).toBeVisible();
  });
});

test.describe('Compare', () => {
  test('two runs lie over one another, and only what differs in their settings is listed', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.route('**/recorded/run.json', (route) => route.fulfill({ json: runRecording }));
    await page.goto(`${FAST}#train`);
    await trainTo(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.goto(`${FAST}#compare`);
    await page.getByRole('checkbox', { name: /^calm-otter-7 recorded/ }).check();
    await expect(page.getByRole('heading', { name: 'In which settings they differ' })).toBeHidden();
    await page.getByRole('checkbox', { name: /^calm-otter-1 / }).check();
    const accuracy = page.getByRole('list', { name: 'accuracy, held out' });
    await expect(accuracy.getByRole('listitem')).toHaveCount(2);
    await expect(accuracy.getByRole('listitem').first()).toContainText('39% (28% – 51%) → 81% (70% – 89%) of 64');
    await expect(page.getByRole('row', { name: 'seed 1 42' })).toBeVisible();
    await expect(page.getByRole('row', { name: /^preset/ })).toBeHidden();
    await expectAccessible(page);
    await page.getByRole('checkbox', { name: /^calm-otter-7 recorded/ }).uncheck();
    await expect(accuracy.getByRole('listitem')).toHaveCount(1);
    expect(complaints).toEqual([]);
  });
});

test.describe('Test-time scaling', () => {
  test('two models are measured while one looks on, and stopped; what was measured stays', async ({ page }) => {
    const complaints = watchConsole(page);
    await page.goto(`${FAST}#train`);
    await trainTo(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    await page.getByRole('link', { name: 'Compare' }).click();
    const scaling = page.getByRole('region', { name: 'Test-time scaling' });
    await expect(scaling.getByRole('combobox', { name: 'Model' })).toHaveValue('beforeRun:run-1');
    await expect(scaling.getByRole('combobox', { name: 'Beside' })).toHaveValue('loaded');
    await expect(scaling).toContainText('768 answers in all.');
    const budgets = scaling.getByRole('textbox', { name: 'Thinking budgets' });
    await budgets.fill('8; 16');
    await expect(budgets).toHaveAttribute('aria-invalid', 'true');
    await budgets.fill('8, 0');
    await budgets.press('Enter');
    await expect(budgets).toHaveValue('0, 8');
    await expect(scaling).toContainText('512 answers in all.');
    await scaling.getByRole('button', { name: 'Measure' }).click();
    await expect(scaling.getByText('Measured.')).toBeVisible();
    await expect(page.getByTestId('thinking-chart').locator('title')).toHaveCount(8);
    await scaling.getByText('In numbers').click();
    const thinking = scaling.getByRole('table', { name: /^Accuracy over the length/ });
    await expect(thinking.getByRole('rowheader')).toHaveText([
      'as it likes',
      'at most 0 tokens',
      'at most 8 tokens',
      'wait × 1',
    ]);
    await expect(thinking.getByRole('row').nth(1)).toContainText(/34\.1% \(2\d(\.\d)?% – 4\d(\.\d)?%\)/);
    const votes = scaling.getByRole('table', { name: /^Accuracy over the number/ });
    await expect(votes.getByRole('rowheader')).toHaveText(['1', '2', '4']);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectAccessible(page);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Ask' }).click();
    await page.getByRole('link', { name: 'Compare' }).click();
    await expect(page.getByTestId('thinking-chart').locator('title')).toHaveCount(8);
    expect(complaints).toEqual([]);
  });

  test('stops when told to, and keeps what was measured', async ({ page }) => {
    await page.goto(`${SLOW}#compare`);
    const scaling = page.getByRole('region', { name: 'Test-time scaling' });
    await expect(scaling.getByRole('combobox', { name: 'Beside' })).toHaveValue('');
    await scaling.getByRole('button', { name: 'Measure' }).click();
    await expect(page.getByTestId('thinking-chart')).toBeVisible();
    await scaling.getByRole('button', { name: 'Stop' }).click();
    await expect(scaling.getByText('Stopped. What was measured stays.')).toBeVisible();
    await expect(page.getByTestId('thinking-chart').locator('title')).not.toHaveCount(0);
    await expect(scaling.getByRole('button', { name: 'Measure' })).toBeEnabled();
  });
});

test.describe('Models', () => {
  test('the model says what it is, and an answer shows which experts worked', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await ask(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await page.getByRole('link', { name: 'Models' }).click();
    await expect(page.getByText('386,432')).toBeVisible();
    await expect(page.getByTestId('heat-map').getByRole('row')).toHaveCount(3);
    await expect(page.getByText('1 expert was not used: layer 2 expert 5.')).toBeVisible();
  });

  test('the shipped models stand side by side with what their cards say, and each can be loaded', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    const shipped = page.getByRole('region', { name: 'Models that come with the page' });
    await expect(shipped.getByRole('listitem')).toHaveCount(4);
    for (const model of await shipped.getByRole('listitem').all()) {
      await expect(model).toContainText(/\d+% \(\d+% – \d+%\) of 512 right/);
      await expect(model).toContainText(/\d+ tokens of thinking/);
    }
    await expect(shipped.getByRole('listitem').filter({ hasText: 'loaded' })).toContainText('r1');
    await page.getByRole('button', { name: 'Load distilled' }).click();
    await expect(page.getByRole('heading', { name: 'distilled', level: 1 })).toBeVisible();
    await expect(shipped.getByRole('listitem').filter({ hasText: 'loaded' })).toContainText('distilled');
  });

  test('the model is chosen on Ask, too, and opens next time', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    const choice = page.getByRole('combobox', { name: 'Model' });
    await expect(choice).toHaveValue('r1');
    await expect(page.getByText('It thinks in English.')).toBeVisible();
    await choice.selectOption('r1-zero');
    await expect(page.getByTestId('model-status')).toContainText('r1-zero');
    await page.reload();
    await expect(choice).toHaveValue('r1-zero');
  });

  test('a run starts from the first of them, whichever is looked at, unless it is said', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    const start = page.getByRole('combobox', { name: 'A new run starts from' });
    await expect(start.locator('option:checked')).toHaveText('base, as it came');
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('model-status')).toContainText('base · calm-otter-1');
    await page.reload();
    await start.selectOption('r1, as it came');
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('model-status')).toContainText('r1 · calm-otter-2');
  });

  test('the model downloads as a zip', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as a zip' }).click();
    expect((await download).suggestedFilename()).toBe('r1.zip');
  });

  test('a folder without config.json is refused by name, and the loaded model stays', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    await expect(page.getByRole('heading', { name: 'r1', level: 1 })).toBeVisible();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a zip' }).click();
    await (await chooser).setFiles({
      name: 'model.safetensors',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('x'),
    });
    await expect(page.getByRole('alert')).toContainText('model.safetensors has no config.json.');
    await expect(page.getByRole('heading', { name: 'r1', level: 1 })).toBeVisible();
  });
});

test.describe('Another model', () => {
  test('leaves a paused run, which then is opened from the list, not resumed', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('button', { name: /^Load base/ }).click();
    await expect(page.getByTestId('model-status')).toContainText(/^base ·? ?386/);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Resume', exact: true })).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^Open/ })).toBeVisible();
  });

  test('in a damaged zip is refused by what is wrong with the zip, in the reader’s language', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    const choose = async (name: string) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name }).click();
      await (await chooser).setFiles({ name: 'otter.zip', mimeType: 'application/zip', buffer: Buffer.from('PK no') });
    };
    await choose('Choose a zip');
    await expect(page.getByRole('alert')).toContainText('otter.zip is damaged, or is no zip.');
    await page.getByRole('button', { name: 'Language: 中文' }).click();
    await choose('选择 zip');
    await expect(page.getByRole('alert')).toContainText('otter.zip 已损坏');
  });
});

test.describe('The page', () => {
  test('digits switch screens, the question mark lists the keys, and neither works while writing', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await expect(question(page)).toBeVisible();
    await page.keyboard.press('2');
    await expect(page).toHaveURL(/#train$/);
    await page.keyboard.press('3');
    await expect(page).toHaveURL(/#stages$/);
    await page.keyboard.press('4');
    await expect(page).toHaveURL(/#compare$/);
    await page.keyboard.press('5');
    await expect(page).toHaveURL(/#models$/);
    await page.keyboard.press('6');
    await expect(page).toHaveURL(/#device$/);
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
      await page.emulateMedia({ colorScheme });
      await page.goto(`${FAST}#ask`);
      await ask(page, '9-8+3-7');
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
    await ask(page, '9-8+3-7+5-4+3-2');
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

test.describe('Without WebGPU', () => {
  const NO_DEVICE = '/?engine=fake&device=none';

  test('the page explains what this browser needs, and lets one try again', async ({ page }) => {
    await page.goto(`${NO_DEVICE}#ask`);
    await expect(page.getByRole('heading', { name: 'Your browser gives this page no GPU' })).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'Chrome' }).first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await expectAccessible(page);
  });

  test('a device too small is named with what it lacks, not mistaken for a missing one', async ({ page }) => {
    await page.goto('/?engine=fake&device=small#train');
    await expect(page.getByRole('heading', { name: 'The GPU is too small for this.' })).toBeVisible();
    await expect(page.getByText('This GPU offers 16 MiB; the model needs 128 MiB.')).toBeVisible();
    await expect(page.getByText('Use another device.')).toBeVisible();
  });

  test('the recorded answer and the recorded run play, with their badge', async ({ page }) => {
    await page.route('**/recorded/answer.json', (route) => route.fulfill({ json: answerRecording }));
    await page.route('**/recorded/run.json', (route) => route.fulfill({ json: runRecording }));
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto(`${NO_DEVICE}#ask`);
    await expect(page.getByText('recorded', { exact: true })).toBeVisible();
    await expect(page.getByText('by base, November 23, 2026')).toBeVisible();
    await expect(page.getByTestId('verdict')).toContainText('Correct.');
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await expect(page.getByText('recorded', { exact: true })).toBeVisible();
    await expect(page.getByTestId('lead')).toHaveText('It answered 39% right before. At step 2 it answers 81%.');
    await expect(page.getByRole('button', { name: 'Start training' })).toHaveCount(0);
  });
});

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`),
  ).toEqual([]);
}

const madeBy = { model: 'base', device: 'a test device', program: 'soliloquy 0.1.0', at: '2026-11-23T10:00:00Z' };
const drawn = { id: 1, probability: 0.9, entropy: 0.1, alternatives: [] };

const answerRecording: AskRecording = {
  version: 2,
  kind: 'ask',
  madeBy,
  request: { question: '1+2=?', temperature: 1, topP: 1, topK: 0, seed: 7, maxTokens: 64, samples: 1, thinking: null },
  events: [
    { atMs: 0, event: { type: 'askStarted', askId: 1, numPromptTokens: 5 } },
    {
      atMs: 10,
      event: {
        type: 'tokensStreamed',
        askId: 1,
        sample: 0,
        elapsedMs: 10,
        tokens: [
          { ...drawn, text: '1+2=3', part: 'thinking' },
          { ...drawn, text: '3', part: 'answer' },
        ],
      },
    },
    {
      atMs: 20,
      event: {
        type: 'answerEnded',
        askId: 1,
        sample: 0,
        summary: {
          completionText: '1+2=33',
          thinking: '1+2=3',
          answer: '3',
          stopReason: 'end',
          verdict: { correct: true, expected: '3', found: '3' },
          numThinkingTokens: 1,
          numTokens: 2,
          thinkingMs: 5,
        },
      },
    },
    {
      atMs: 20,
      event: {
        type: 'askFinished',
        askId: 1,
        expertLoad: [],
        summary: { prefill: { tokens: 5, ms: 1 }, decode: { tokens: 2, ms: 9 } },
      },
    },
  ],
};

const stepAt = (step: number, accuracy: number): RunRecording['events'][number] => ({
  atMs: step * 10,
  event: {
    type: 'stepFinished',
    runId: 'r',
    groups: [],
    expertLoad: [],
    step: { step, metrics: { reward: accuracy, 'eval/accuracy': accuracy } },
  },
});

const runRecording = {
  version: 2,
  kind: 'run',
  madeBy,
  events: [
    {
      atMs: 0,
      event: {
        type: 'runChanged',
        run: {
          id: 'r',
          name: 'calm-otter-7',
          createdAt: madeBy.at,
          baseModel: 'base',
          parents: [],
          step: 0,
          status: 'running',
          settings: {
            task: 'chained_sums',
            difficulty: {},
            preset: 'R1-Zero',
            config: { max_steps: 2, num_iterations: 1, steps_per_generation: 1, seed: 1 },
            evalProblems: 64,
            evalEvery: 1,
            checkpointEvery: 10,
          },
        },
      },
    },
    stepAt(1, 0.39),
    stepAt(2, 0.81),
  ],
};

test('where the browser stores nothing, Train and Models say so before anything is trained', async ({ page }) => {
  await page.goto('/?engine=fake&storage=none#train');
  await expect(page.getByRole('button', { name: 'Start training' })).toBeVisible();
  await expect(page.getByTestId('storage-note')).toContainText('Nothing is kept here.');
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByTestId('storage-note')).toContainText('download the model before you leave');
});
