// Training a model and watching it learn, driven by the made-up engine.
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { stepOf, trainTo, watchConsole } from './person';

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
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    await page.keyboard.press('.');
    await expect(page.getByTestId('step')).toHaveText(`step ${before + 2} of 60`);
    await expect(page.getByTestId('lead')).toHaveText(
      /It answered 41% right before\. At step \d+ it answers \d+%, .*and thinks/,
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
