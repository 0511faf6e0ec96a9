// Training with the real engine: the model that the page ships, nothing made up.
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { strFromU8, unzipSync } from 'fflate';
import { expectAccessible } from './accessible';
import { watchMainThread } from './mainThread';
import { ask, button, completion, metric, open, stepOf, unfold, useTinySettings } from './person';

const STEP_LIMIT_MS = 300_000;
/** A step of 16 × 8 answers of at most 48 tokens, on two cores that others may share. */
const MOST_STEP_SECONDS = 5;
/** Longer tasks of the page are felt as stutter. */
const MOST_TASK_MS = 50;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

test('it takes three steps, pauses, compares, and goes on after a reload', async ({ page }) => {
  await open(page, 'train');
  await useTinySettings(page, { steps: 300, questions: 4 });
  await button(page, 'Start training').click();
  await expect.poll(() => stepOf(page), { timeout: STEP_LIMIT_MS }).toBeGreaterThanOrEqual(3);
  await button(page, 'Pause').click();
  await expect(page.getByTestId('phase')).toHaveText('Paused');
  const step = await stepOf(page);
  await expect(page.getByTestId('rollout-group').getByRole('listitem')).toHaveCount(8);
  await button(page, /^Compare on/).click();
  await expect(page.getByTestId('comparison')).toContainText('unchanged', { timeout: STEP_LIMIT_MS });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await button(page, 'View as table').click();
  const rewards = await metric(page, 'reward');
  expect(rewards).toHaveLength(step);
  await expectJob(page, step);

  await page.reload();
  await expect(page.getByText(`It stopped at step ${step}, and is saved up to there.`)).toBeVisible();
  await button(page, /^Resume /).click();
  await expect.poll(() => stepOf(page), { timeout: STEP_LIMIT_MS }).toBeGreaterThan(step);
  await button(page, 'Stop').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished');
  await button(page, 'View as table').click();
  expect((await metric(page, 'reward')).slice(0, step)).toEqual(rewards);

  await page.getByRole('link', { name: 'Ask' }).click();
  await ask(page, '2+2+3-1=?');
  await completion(page);
  await expect(page.getByTestId('model-status')).toContainText(/^base · [a-z]+-[a-z]+-\d+/);
});

/** The run as a job: a zip that holds the model of this step, the problems and the settings. */
async function expectJob(page: Page, step: number): Promise<void> {
  await unfold(page, 'Continue at scale');
  await page.getByRole('spinbutton', { name: 'Training problems' }).fill('40');
  const download = page.waitForEvent('download');
  await button(page, 'Make the job').click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^[a-z]+-[a-z]+-\d+-trl\.zip$/);
  const files = unzipSync(new Uint8Array(await readFile(await file.path())));
  const folder = file.suggestedFilename().replace('.zip', '');
  const text = (path: string) => strFromU8(files[`${folder}/${path}`] ?? new Uint8Array());
  expect(Object.keys(files).filter((path) => !path.startsWith(`${folder}/`))).toEqual([]);
  expect(text('README.md')).toContain(`after ${step} of 300 steps`);
  expect(text('grpo.yaml')).toContain('max_steps: 300\n');
  expect(text('train.py')).toContain('GRPOTrainer');
  expect(text('data/train.jsonl').trimEnd().split('\n')).toHaveLength(40);
  expect(files[`${folder}/model/model.safetensors`]?.length).toBeGreaterThan(1e6);
  expect(strFromU8(files[`${folder}/data/heldout.parquet`]?.slice(0, 4) ?? new Uint8Array())).toBe('PAR1');
  await expect(page.getByTestId('continue-at-scale')).toContainText(file.suggestedFilename());
}

test('training leaves the page at hand: no task of its main thread takes more than 50 ms', async ({ page }) => {
  await open(page, 'train');
  await useTinySettings(page, { steps: 30, questions: 16 });
  await button(page, 'Start training').click();
  await expect(button(page, 'Pause')).toBeEnabled();
  const stop = await watchMainThread(page);
  await expect.poll(() => stepOf(page), { timeout: STEP_LIMIT_MS }).toBeGreaterThanOrEqual(1);
  await expect(page.locator('canvas')).toHaveCount(8);
  for (const isOpen of [false, true]) {
    await unfold(page, 'All options');
    await expect(page.getByRole('textbox', { name: 'Weight decay' })).toHaveCount(isOpen ? 1 : 0);
  }
  await button(page, 'Next question').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: STEP_LIMIT_MS });
  const { tasks, control } = await stop();
  const longest = tasks.reduce((most, task) => (task.cpuMs > most.cpuMs ? task : most));
  console.log(
    `${tasks.length} tasks; the longest took ${longest.cpuMs.toFixed(1)} ms of a processor, ` +
      `${longest.wallMs.toFixed(1)} ms by the clock; ` +
      `${tasks.filter(({ wallMs }) => wallMs > MOST_TASK_MS).length} took more than 50 ms by the clock`,
  );
  expect(tasks.length).toBeGreaterThan(100);
  expect(control.cpuMs).toBeGreaterThan(MOST_TASK_MS);
  expect(tasks.filter(({ cpuMs }) => cpuMs > MOST_TASK_MS)).toEqual([]);
});

test('a run is gone on with in one tab at a time', async ({ page, context }) => {
  await open(page, 'train');
  await useTinySettings(page, { steps: 2, questions: 2 });
  await button(page, 'Step').click();
  await expect(page.getByTestId('step')).toHaveText('step 1 of 2', { timeout: STEP_LIMIT_MS });
  await expect(page.getByTestId('phase')).toHaveText('Paused');
  const other = await context.newPage();
  await open(other, 'train');
  await button(other, /^Look /).click();
  await expect(other.getByRole('alert')).toContainText('Another tab of this browser has');
  await expect(other.getByTestId('rollout-group').getByRole('listitem')).toHaveCount(8);
  await page.close();
  await button(other, 'Try to open it here').click();
  await expect(other.getByRole('alert')).toHaveCount(0);
  await button(other, 'Resume').click();
  await expect(other.getByTestId('phase')).toHaveText('Finished', { timeout: STEP_LIMIT_MS });
  await expect(other.getByTestId('step')).toHaveText('step 2 of 2');
});

test('a difficulty without problems is refused in words, and nothing is kept of the run', async ({ page }) => {
  await open(page, 'train');
  await page.getByRole('slider', { name: 'Fewest terms' }).fill('9');
  await button(page, 'Start training').click();
  await expect(page.getByRole('alert')).toContainText('min_terms (9) is above max_terms (8).');
  await expect(page.getByText('There are none yet.')).toBeVisible();
  await expect(page.getByTestId('model-status')).toContainText(/^base ·? ?399/);
});

test('an answer longer than the model has positions for is refused in words', async ({ page }) => {
  await open(page, 'train');
  const field = page.getByRole('textbox', { name: 'Longest answer', exact: true });
  await field.fill('250');
  await button(page, 'Start training').click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('It takes a whole number from 1 to 192.')).toBeVisible();
  await expect(page.getByText('There are none yet.')).toBeVisible();
});

test('a short run raises the reward, the accuracy and the length of the thinking', async ({ page }) => {
  await open(page, 'train');
  await useTinySettings(page, { steps: 14, questions: 16 });
  await button(page, 'Start training').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: 2 * STEP_LIMIT_MS });
  await button(page, 'View as table').click();
  const rewards = await metric(page, 'reward');
  const lengths = await metric(page, 'completions/mean_length');
  const accuracies = await metric(page, 'eval/accuracy');
  await button(page, 'All metrics').click();
  const seconds = await metric(page, 'step_time');
  const typical = median(seconds.slice(1));
  console.log(`a step of 16 × 8 answers takes ${typical} s (${seconds.join(' ')})`);
  expect(seconds.length).toBeGreaterThan(3);
  expect(typical).toBeLessThanOrEqual(MOST_STEP_SECONDS);
  console.log(`reward ${rewards.join(' ')}; accuracy on held-out problems ${accuracies.join(' to ')}`);
  expect(rewards).toHaveLength(14);
  // 0.06 and 3 tokens are half of what this seed gains on SwiftShader; other adapters round a little differently.
  expect(mean(rewards.slice(-3)) - mean(rewards.slice(0, 3))).toBeGreaterThan(0.06);
  expect(mean(lengths.slice(-3)) - mean(lengths.slice(0, 3))).toBeGreaterThan(3);
  expect(accuracies).toHaveLength(2);
  expect(accuracies[1]).toBeGreaterThan(accuracies[0] ?? 1);
});
