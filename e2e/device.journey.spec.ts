// The device panel with the real engine on WebGPU in software: what an answer and a training step really cost.
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { ask, button, completion, open, useTinySettings } from './person';

const STEP_LIMIT_MS = 300_000;
/** A longer call of queue.submit would hold up the engine's thread, and with it a stop. */
const MOST_SUBMIT_MS = 100;

/** Row by row, phase first, what a table of costs says. */
async function phases(page: Page, testId: string): Promise<Record<string, string[]>> {
  const rows = page.getByTestId(testId).locator('tbody tr');
  const cells = await rows.evaluateAll((all) =>
    all.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
  );
  return Object.fromEntries(cells.map(([phase = '', ...figures]) => [phase.trim(), figures]));
}

/** `1,234 ms` as a number. */
const numberIn = (text: string | undefined) => Number((text ?? '').replaceAll(',', '').replace(/ms$/, ''));

test('an answer, a run and its kernels say what they cost, and measuring leaves the run as it was', async ({
  page,
}) => {
  await open(page, 'ask', 'gpu');
  await ask(page, '9-8+3-7=?');
  await completion(page);
  await page.getByRole('link', { name: 'Device' }).click();
  await expect(page.getByTestId('cost-ask').getByRole('row')).toHaveCount(3);
  const answer = await phases(page, 'cost-ask');
  for (const [phase, [onDevice, tokenRate, , dispatches]] of Object.entries(answer)) {
    expect(numberIn(onDevice), phase).toBeGreaterThan(0);
    expect(numberIn(tokenRate), phase).toBeGreaterThan(0);
    expect(numberIn(dispatches), phase).toBeGreaterThan(0);
  }
  await expect(page.getByRole('region', { name: 'Features' })).toContainText(/timestamp-query\s*used/);

  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await useTinySettings(page, { steps: 3, questions: 2 });
  await button(page, 'Start training').click();
  await page.getByRole('link', { name: 'Device' }).click();
  // While the run goes on.
  await expect(page.getByTestId('cost-step').getByRole('row')).toHaveCount(6, { timeout: STEP_LIMIT_MS });
  const step = await phases(page, 'cost-step');
  expect(Object.keys(step)).toHaveLength(5);
  for (const phase of ['Log-probs of the reference', 'Update: forward and backward', 'Optimizer']) {
    const [onDevice] = step[phase] ?? [];
    expect(numberIn(onDevice), phase).toBeGreaterThan(0);
  }
  const figures = await page.getByTestId('cost-step').locator('dl').textContent();
  const submitP99 = /Submit, p99\s*([\d.,]+) ms/.exec(figures ?? '')?.[1];
  console.log(`while training, 99 of 100 submits take at most ${submitP99} ms`);
  expect(numberIn(submitP99)).toBeLessThanOrEqual(MOST_SUBMIT_MS);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: STEP_LIMIT_MS });

  await page.getByRole('link', { name: 'Device' }).click();
  await button(page, 'Measure this device').click();
  const profile = page.getByTestId('profile');
  await expect(profile).toBeVisible({ timeout: STEP_LIMIT_MS });
  await expect(profile).toContainText('One decode step, one rollout');
  await expect(profile).toContainText(/Optimizer|AdamW/);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(page.getByTestId('step')).toHaveText('step 3 of 3');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a run begun on WebGPU goes on on the processor, and says from which step on', async ({ page }) => {
  await open(page, 'train', 'gpu');
  await useTinySettings(page, { steps: 2, questions: 2 });
  await button(page, 'Step').click();
  await expect(page.getByTestId('step')).toHaveText('step 1 of 2', { timeout: STEP_LIMIT_MS });
  await expect(page.getByTestId('phase')).toHaveText('Paused');
  await page.getByRole('link', { name: 'Device' }).click();
  await page.getByRole('radio', { name: 'the processor' }).check();
  await expect(page.getByRole('heading', { name: 'The processor' })).toBeVisible();
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(page.getByTestId('run-devices')).toHaveText(/^Up to step 1 .*swiftshader.* from there on processor/i);
  await button(page, 'Resume').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished');
  await expect(page.getByTestId('step')).toHaveText('step 2 of 2');
  await expect(page.getByRole('alert')).toHaveCount(0);
});
