// The device panel, driven by the made-up engine.
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { button, question } from './person';

/** Takes a training step, asks the model that it came to, and opens the panel by its key. */
async function workAndLook(page: Page): Promise<void> {
  await page.goto(`${FAST}#train`);
  await button(page, 'Step').click();
  await expect(page.getByTestId('step')).toHaveText('step 1 of 60');
  await page.getByRole('link', { name: 'Ask' }).click();
  await question(page).fill('9-8+3-7');
  await question(page).press('Enter');
  await expect(page.getByTestId('verdict')).toBeVisible();
  await button(page, 'Copy the answer').focus();
  await page.keyboard.press('7');
  await expect(page.getByRole('heading', { name: 'The processor' })).toBeVisible();
}

test('the panel says what the device offers, what was chosen, and that nothing was measured yet', async ({ page }) => {
  await page.goto(`${FAST}&device=gpu#device`);
  await expect(page.getByText('By the engine’s own accounting')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Features' })).toContainText(/shader-f16\s*missing/);
  await page.getByText('How much it allows, in numbers').click();
  await expect(page.getByRole('region', { name: 'Limits' })).toContainText(/maxBufferSize\s*268 MB/);
  const chosen = page.getByRole('region', { name: 'What the engine chose here' });
  await expect(chosen).toContainText('15 kinds of matrix product: row by row');
  await expect(chosen).toContainText('the portable version');
  // Fifteen like rows are one; what each of them is for is a step away.
  await expect(chosen.getByText('a·bᵀ by expert, small')).toBeHidden();
  await chosen.getByText('One by one').click();
  await expect(chosen.getByText('a·bᵀ by expert, small')).toBeVisible();
  await expect(page.getByText('Ask a question or train a step, and what it cost appears here')).toBeVisible();
});

test('an answer and a step say what each phase cost, and the kernels can be timed', async ({ page }) => {
  await workAndLook(page);
  await expect(
    page.getByTestId('cost-ask').getByRole('row', { name: /^Writing tokens \(decode\) 960 ms/ }),
  ).toBeVisible();
  const step = page.getByTestId('cost-step');
  await expect(step).toContainText(/GFLOP\/s.*21\.4/);
  await expect(step).toContainText(/Dispatches a decode step.*30/);
  await expect(step.getByRole('row', { name: /^Update/ })).toContainText('44.82');
  await button(page, 'Measure this device').click();
  await expect(page.getByTestId('profile')).toContainText('One update of 2,048 tokens, and AdamW');
  await expect(page.getByTestId('profile')).toContainText('2 others');
});

test('the reader chooses what computes: at once, but not while a run trains', async ({ page }) => {
  await page.goto('/?engine=fake&speed=2&device=auto#train');
  await button(page, 'Start training').click();
  await page.getByRole('link', { name: 'Device' }).click();
  const choice = page.getByRole('group', { name: 'Compute on' });
  await expect(choice.getByRole('radio', { name: 'automatic' })).toBeChecked();
  await expect(choice.getByRole('radio', { name: 'the graphics processor' })).toBeDisabled();
  await expect(choice).toContainText(/Pause or stop \S+ to compute on another device/);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await button(page, 'Pause').click();
  await expect(button(page, 'Resume')).toBeVisible();
  await page.getByRole('link', { name: 'Device' }).click();
  await expect(page.getByText(/only a program that plays one/)).toBeVisible();
  await choice.getByRole('radio', { name: 'the graphics processor' }).check();
  await expect(page.getByRole('heading', { name: 'made up / graphics' })).toBeVisible();
  await expect(page.getByText('You chose it.')).toBeVisible();
  // The paused run is open there, too.
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(button(page, 'Resume')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  // It stays chosen.
  await page.goto('/?engine=fake#device');
  await expect(page.getByRole('heading', { name: 'made up / graphics' })).toBeVisible();
});

test('a choice that cannot be had says why, and changes nothing', async ({ page }) => {
  await page.goto('/?engine=fake&devices=cpu&device=auto#device');
  await page.getByRole('radio', { name: 'the graphics processor' }).click();
  await expect(page.getByRole('alert')).toContainText('This browser gave no GPU.');
  await expect(page.getByRole('heading', { name: 'The processor' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'automatic' })).toBeChecked();
});

test('the same work in other instructions grows bar by bar, with what each is worth', async ({ page }) => {
  await page.goto('/?engine=fake#device');
  const ways = page.getByTestId('ways');
  await ways.getByRole('button', { name: 'Measure them here' }).click();
  await expect(ways.getByRole('button', { name: 'Measuring…' })).toBeDisabled();
  const product = ways.getByRole('region', { name: 'A product of two matrices' });
  await expect(product).toContainText(/JavaScript, one number at a time\s*0\.9 GFLOP\/s/);
  await expect(product).toContainText(/on 4 threads\s*61 GFLOP\/s\s*68 × JavaScript/);
  const decode = ways.getByRole('region', { name: 'A decode step' });
  await expect(decode).toContainText(/SIMD: four numbers at a time\s*9,400 tokens\/s\s*12 × JavaScript/);
  await expect(decode).toContainText('This browser does not know these instructions.');
  await expect(ways.getByRole('button', { name: 'Measure them here' })).toBeEnabled();
  // It stays for the session.
  await page.getByRole('link', { name: 'Ask' }).click();
  await page.getByRole('link', { name: 'Device' }).click();
  await expect(product).toContainText('61 GFLOP/s');
});

test('the panel follows a run step by step', async ({ page }) => {
  await page.goto('/?engine=fake&speed=2#train');
  await button(page, 'Start training').click();
  await page.getByRole('link', { name: 'Device' }).click();
  await expect(page.getByTestId('cost-step').getByRole('row')).toHaveCount(6);
});

test('all of it can be copied as text', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await workAndLook(page);
  await button(page, 'Copy as text').click();
  await expect(button(page, 'Copied')).toBeVisible();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain('device: made up / no device (simd, 2 threads: cores)');
  expect(text).toMatch(/last training step: .* 21\.40 GFLOP\/s, .* 30 dispatches a decode step/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`it fits 360 px, and axe finds no fault with it in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await workAndLook(page);
    await button(page, 'Measure this device').click();
    await button(page, 'Measure them here').click();
    await expect(page.getByTestId('profile')).toBeVisible();
    await expect(page.getByTestId('ways')).toContainText('The browser gives this page none.');
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
}
