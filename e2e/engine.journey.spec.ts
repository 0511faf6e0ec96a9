// What a person does, with the real engine: WebGPU in software, the model the page ships, nothing made up.
import { expect, type Page, test } from '@playwright/test';

const question = (page: Page) => page.getByRole('textbox', { name: 'Your question' });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });

async function open(page: Page, screen: 'ask' | 'train' | 'models'): Promise<void> {
  await page.goto(`/#${screen}`);
  await expect(page.getByTestId('model-status')).toContainText('base', { timeout: 120_000 });
}

async function ask(page: Page, text: string): Promise<void> {
  await question(page).fill(text);
  await question(page).press('Enter');
}

async function completion(page: Page): Promise<string> {
  await expect(page.getByTestId('verdict')).toBeVisible();
  return page.getByRole('toolbar', { name: 'Token by token' }).innerText();
}

async function set(page: Page, label: string, value: string | number): Promise<void> {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

async function stepOf(page: Page): Promise<number> {
  return Number(/step (\d+)/.exec((await page.getByTestId('step').textContent()) ?? '')?.[1]);
}

/** Settings small enough for a software adapter; the algorithm is the same. */
async function useTinySettings(page: Page, steps: number): Promise<void> {
  await page.getByRole('slider', { name: 'Fewest terms' }).fill('2');
  await page.getByRole('slider', { name: 'Most terms' }).fill('4');
  await set(page, 'Answers per question', 8);
  await set(page, 'Questions per step', 8);
  await set(page, 'Longest answer', 40);
  await set(page, 'Learning rate', '4e-4');
  await set(page, 'Steps', steps);
  await page.locator('summary', { hasText: 'All options' }).click();
  await set(page, 'Held-out problems', 32);
  await set(page, 'Evaluate every', steps);
}

test('ask: it answers, the same seed answers the same, and another one may not', async ({ page }) => {
  await open(page, 'ask');
  await ask(page, '9-8+3-7=?');
  const first = await completion(page);
  expect(first).toContain('<answer>');
  await ask(page, '9 − 8 + 3 − 7');
  expect(await completion(page)).toBe(first);
  await expect(page.getByText(/decode \d+ tok\/s/)).toBeVisible();
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByTestId('heat-map')).toBeVisible();
});

test('ask: what cannot be asked is said, and the model stays usable', async ({ page }) => {
  await open(page, 'ask');
  await ask(page, '2 € 2 = ?');
  await expect(page.getByRole('alert')).toContainText('The model cannot read');
  await ask(page, `${'1+'.repeat(90)}1=?`);
  await expect(page.getByRole('alert')).toContainText(/has \d+ tokens; the model reads at most \d+/);
  await ask(page, '2+2+3-1=?');
  await expect(page.getByTestId('verdict')).toBeVisible();
});

test('models: a damaged folder is refused by name, and the loaded model stays usable', async ({ page, request }) => {
  await open(page, 'models');
  const [config, weights, tokenizer] = await Promise.all(
    ['config.json', 'model.safetensors', 'tokenizer.json'].map(async (name) => (await request.get(`/models/base/${name}`)).body()),
  );
  const { zipSync } = await import('fflate');
  const zip = zipSync({
    'config.json': new Uint8Array(config as Buffer),
    'model.safetensors': new Uint8Array((weights as Buffer).subarray(0, 400_000)),
    'tokenizer.json': new Uint8Array(tokenizer as Buffer),
  });
  const chooser = page.waitForEvent('filechooser');
  await button(page, 'Choose a zip').click();
  await (await chooser).setFiles({ name: 'damaged.zip', mimeType: 'application/zip', buffer: Buffer.from(zip) });
  await expect(page.getByRole('alert')).toContainText('model.safetensors');
  await page.getByRole('link', { name: 'Ask' }).click();
  await ask(page, '2+2+3-1=?');
  await expect(page.getByTestId('verdict')).toBeVisible();
});

test('train: three steps, pause, compare, reload, go on', async ({ page }) => {
  await open(page, 'train');
  await useTinySettings(page, 6);
  await button(page, 'Start training').click();
  await expect.poll(() => stepOf(page), { timeout: 300_000 }).toBeGreaterThanOrEqual(3);
  await button(page, 'Pause').click();
  await expect(page.getByTestId('phase')).toHaveText('Paused', { timeout: 60_000 });
  const step = await stepOf(page);
  await expect(page.getByTestId('rollout-group').getByRole('listitem')).toHaveCount(8);
  await button(page, /^Compare on/).click();
  await expect(page.getByTestId('comparison')).toContainText('unchanged', { timeout: 120_000 });
  await page.reload();
  await expect(page.getByText(`It stopped at step ${step}.`)).toBeVisible({ timeout: 120_000 });
  await button(page, /^Resume /).click();
  await expect.poll(() => stepOf(page), { timeout: 300_000 }).toBeGreaterThan(step);
  await button(page, 'Stop').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: 60_000 });
});

test('train: a short run raises the reward, and the page stays awake meanwhile', async ({ page }) => {
  await open(page, 'train');
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });
  });
  await useTinySettings(page, 12);
  await button(page, 'Start training').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: 540_000 });
  await button(page, 'View as table').click();
  const header = await page.getByRole('columnheader').allInnerTexts();
  const column = header.findIndex((name) => name.trim() === 'reward');
  const rows = await page.getByRole('row').all();
  const rewards: number[] = [];
  for (const row of rows.slice(1)) {
    const cells = await row.locator('th, td').allInnerTexts();
    const value = Number(cells[column]);
    if (cells[column] !== '' && Number.isFinite(value)) rewards.push(value);
  }
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  console.log(`rewards: ${rewards.join(' ')}`);
  expect(rewards.length).toBeGreaterThanOrEqual(12);
  const [first, last] = rewards.length > 0 ? [mean(rewards.slice(0, 3)), mean(rewards.slice(-3))] : [1, 0];
  expect(last - first).toBeGreaterThan(0.05);
  const longTasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
  console.log(`long tasks on the main thread (ms): ${longTasks.map(Math.round).join(' ')}`);
});
