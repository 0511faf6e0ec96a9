// `node scripts/screens.mjs [SCREEN…]`: builds the page, drives the real engine in a browser, and writes the pictures of
// docs/screens/, all of them unless screens are named. Run by hand when a screen changed. Train shows the recorded run
// that the page ships, else a short run of its own.
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { WITH_WEBGPU, WITHOUT_WASM } from './chromiumFlags.mjs';
import { ensureChromium } from './ensureChromium.mjs';
import { root } from './stale.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const TARGET = join(root, 'docs', 'screens');
/** Not dist/, which somebody may be serving. */
const DIST = join(root, 'node_modules', '.cache', 'screens');
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
/** Of a long page the head is enough; of Ask all is wanted. */
const MOST_HEIGHT = { wide: 1130, narrow: 1800, ask: 1400 };
const MOST_BYTES = 275_000;
const QUESTION = '8-9+1-6+5-7=?';
const SAMPLES = 8;
const MOST_SEEDS = 60;

/**
 * @param {Page} page
 * @param {string} name
 */
async function shoot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  const { width, height } = await page.evaluate(() => ({
    width: innerWidth,
    height: document.documentElement.scrollHeight,
  }));
  const wide = name.startsWith('ask') ? MOST_HEIGHT.ask : MOST_HEIGHT.wide;
  const most = width === NARROW.width ? MOST_HEIGHT.narrow : wide;
  const path = join(TARGET, `${name}.png`);
  await page.screenshot({
    path,
    fullPage: true,
    animations: 'disabled',
    clip: { x: 0, y: 0, width, height: Math.min(height, most) },
  });
  const { size } = statSync(path);
  process.stdout.write(`${name}.png  ${Math.round(size / 1000)} kB\n`);
  if (size > MOST_BYTES) throw new Error(`${name}.png has ${size} bytes; at most ${MOST_BYTES} were wanted.`);
}

/**
 * In both themes, wide; in light also narrow if asked to.
 * @param {Page} page
 * @param {string} name
 * @param {boolean} isNarrowToo
 */
async function shootScreen(page, name, isNarrowToo) {
  for (const colorScheme of /** @type {const} */ (['dark', 'light'])) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(300);
    await shoot(page, `${name}-${colorScheme}`);
  }
  if (!isNarrowToo) return;
  await page.setViewportSize(NARROW);
  await page.waitForTimeout(300);
  await shoot(page, `${name}-narrow`);
  await page.setViewportSize(WIDE);
}

/**
 * @param {Page} page
 * @param {string} label
 * @param {number | string} value
 */
async function set(page, label, value) {
  const field = page.getByRole('textbox', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

/** @param {Page} page */
async function openAsk(page) {
  await page.goto('./#ask');
  await page.locator('#ask-model').waitFor({ timeout: 0 });
}

/**
 * Asks several times at once until the first answer is thought out and right, and looks at its least sure token and
 * that one's experts.
 * @param {Page} page
 */
async function askWell(page) {
  const question = page.locator('#question');
  await page.locator('details > summary').first().click();
  await page.locator('#ask-samples').fill(String(SAMPLES));
  await page.locator('#ask-samples').press('Enter');
  for (let seed = 1; seed <= MOST_SEEDS; seed++) {
    const field = page.locator('#ask-seed');
    await field.fill(String(seed));
    await field.press('Enter');
    const before = await page.getByRole('toolbar').elementHandles();
    await question.fill(QUESTION);
    await question.press('Enter');
    await page.waitForFunction((strips) => strips.every((strip) => !strip.isConnected), before);
    // The key of "again" is there when the answer is.
    await page.locator('kbd', { hasText: /^R$/ }).waitFor({ timeout: 0 });
    const isRight = (await page.locator('[data-testid="verdict"].text-good').count()) > 0;
    const numTokens = await page.getByRole('toolbar').getByRole('button').count();
    if (isRight && numTokens > 20) break;
    if (seed === MOST_SEEDS) throw new Error(`No seed up to ${seed} thought and was right.`);
  }
  await page.locator('details > summary').first().click();
  await page.getByRole('switch').last().click();
  await page.getByTestId('expert-choices').waitFor({ timeout: 0 });
  const labels = await page
    .getByRole('toolbar')
    .getByRole('button')
    .evaluateAll((all) => all.map((token) => token.getAttribute('aria-label') ?? ''));
  const chances = labels.map((label) => Number(/(\d+) ?%/.exec(label)?.[1] ?? 100));
  await page
    .getByRole('toolbar')
    .getByRole('button')
    .nth(chances.indexOf(Math.min(...chances)))
    .hover();
}

/** @param {Page} page */
async function trainShortly(page) {
  await set(page, 'Steps', 24);
  await set(page, 'Questions per step', 4);
  await page.getByRole('button', { name: 'All options', exact: true }).click();
  await set(page, 'Evaluate every', 8);
  await page.getByRole('button', { name: 'All options', exact: true }).click();
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.getByTestId('phase').getByText('Finished').waitFor({ timeout: 0 });
}

/** @param {Page} page */
async function runMiniPipeline(page) {
  const mini = page.getByRole('switch', { name: 'mini form' });
  if (!(await mini.isChecked())) await mini.click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByTestId('pipeline-status').getByText('finished').waitFor({ timeout: 0 });
}

/**
 * The run that the page ships beside a short one of half its learning rate, and what the loaded model gains at test time.
 * @param {Page} page
 */
async function compareShortly(page) {
  await page.goto('./#train');
  await page.getByTestId('lead').waitFor({ timeout: 0 });
  await set(page, 'Learning rate', '1e-4');
  await trainShortly(page);
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('checkbox').nth(1).waitFor();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await set(page, 'Problems', 24);
  await set(page, 'Thinking budgets', '0, 16, 32, 48');
  await page.getByRole('button', { name: 'Measure' }).click();
  await page.getByText('Measured.').waitFor({ timeout: 0 });
}

/** @type {Record<string, (page: Page) => Promise<void>>} */
const SCREENS = {
  ask: async (page) => {
    await openAsk(page);
    await askWell(page);
    await shootScreen(page, 'ask', true);
  },
  'ask-zh': async (page) => {
    await openAsk(page);
    await askWell(page);
    await shoot(page, 'ask-zh');
  },
  models: async (page) => {
    // Of an answer the load of the experts is shown.
    await openAsk(page);
    await page.locator('#question').fill(QUESTION);
    await page.locator('#question').press('Enter');
    await page.locator('kbd', { hasText: /^R$/ }).waitFor({ timeout: 0 });
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByTestId('heat-map').waitFor({ timeout: 0 });
    await shootScreen(page, 'models', false);
  },
  story: async (page) => {
    await page.goto('./#story/rule');
    await page.getByRole('textbox', { name: /Of eight answers/ }).fill('3');
    await page.getByRole('textbox', { name: 'A sum' }).fill('8-4+0+5');
    await page.getByRole('button', { name: 'Draw eight answers' }).click();
    await page.getByTestId('rollout-group').waitFor({ timeout: 0 });
    await page.evaluate(() => scrollTo(0, 0));
    await shootScreen(page, 'story', true);
  },
  train: async (page) => {
    await page.goto('./#train');
    if (existsSync(join(root, 'public', 'recorded', 'run.json')))
      await page.getByTestId('lead').waitFor({ timeout: 0 });
    else await trainShortly(page);
    await shootScreen(page, 'train', true);
  },
  stages: async (page) => {
    await page.goto('./#stages');
    await runMiniPipeline(page);
    await shootScreen(page, 'stages', true);
  },
  compare: async (page) => {
    await compareShortly(page);
    await shootScreen(page, 'compare', true);
  },
  'no-device': async (page) => {
    await page.goto('./#ask');
    await page.locator('#no-device-title').waitFor({ timeout: 0 });
    await page.waitForTimeout(500);
    await shoot(page, 'no-device');
  },
};

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in SCREENS));
if (unknown !== undefined)
  throw new Error(`There is no screen ${unknown}; there are ${Object.keys(SCREENS).join(', ')}.`);

mkdirSync(TARGET, { recursive: true });
const executablePath = ensureChromium();
await build({ root, logLevel: 'warn', build: { outDir: DIST, emptyOutDir: true } });
const server = await preview({ root, preview: { port: 4290 }, build: { outDir: DIST } });
const [baseURL] = server.resolvedUrls?.local ?? [];

// Thinking at a reading pace would take minutes until a seed is found.
const preferences = [{ name: 'soliloquy.preferences', value: JSON.stringify({ version: 2, pace: 'live' }) }];
const storageState = { cookies: [], origins: [{ origin: new URL(baseURL ?? '').origin, localStorage: preferences }] };

for (const [name, show] of Object.entries(SCREENS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const browser = await chromium.launch({ args: name === 'no-device' ? WITHOUT_WASM : WITH_WEBGPU, executablePath });
  const page = await browser.newPage({
    storageState,
    ...(baseURL && { baseURL }),
    viewport: WIDE,
    reducedMotion: 'reduce',
    locale: name.endsWith('-zh') ? 'zh-CN' : 'en-GB',
  });
  await show(page);
  await browser.close();
}
await server.close();
process.exit(0);
