// `node scripts/firstAnswer.mjs [--turns 5] [--question TEXT] [--files]`: how long after navigation the first token of a
// live answer stands on the page, where the question is sent as soon as it can be: in Chromium with WebGPU and without it,
// by turns, each with an empty cache (cold) and again (warm). Beside it what came over the wire until then. Builds the page
// apart from dist/. --files lists what was sent.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { build, preview } from 'vite';
import { WITH_WEBGPU, WITHOUT_WEBGPU } from './chromiumFlags.mjs';
import { ensureChromium } from './ensureChromium.mjs';
import { root } from './stale.mjs';

/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */
/** @typedef {{ askedMs?: number, firstTokenMs?: number }} Marks */
/**
 * @typedef {{ paintMs: number, askedMs: number, firstTokenMs: number, kB: number, gzipKB: number, numRequests: number
 * }} Figures
 */

const DIST = join(root, 'node_modules', '.cache', 'first-answer');
const PATIENCE_MS = 60_000;
const BROWSERS = { 'without WebGPU': WITHOUT_WEBGPU, 'with WebGPU': WITH_WEBGPU };
/** What static hosts commonly compress. */
const COMPRESSED = /\.(?:js|css|html|json|svg|wasm)$|\/$/;

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '5' },
    question: { type: 'string', default: '9-8+3-7=?' },
    files: { type: 'boolean', default: false },
  },
});
const { question } = values;

/** @type {{ path: string, bytes: number, gzipBytes: number }[]} What was sent whole. */
const sent = [];

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function note(request, response) {
  response.on('finish', () => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    if (response.statusCode !== 200) return;
    const body = readFileSync(join(DIST, path === '/' ? 'index.html' : path));
    const gzipBytes = COMPRESSED.test(path) ? gzipSync(body).byteLength : body.byteLength;
    sent.push({ path, bytes: body.byteLength, gzipBytes });
  });
}

/**
 * Runs in the page: asks as soon as there is a field, and marks when.
 * @param {string} text
 */
function askAtOnce(text) {
  /** @type {Marks} */
  const marks = {};
  Object.assign(globalThis, { marks });
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  const ask = () => {
    const field = /** @type {HTMLInputElement | null} */ (document.querySelector('#question'));
    if (field?.value === text) {
      marks.askedMs = performance.now();
      field.form?.requestSubmit();
      return;
    }
    if (field) {
      setValue?.call(field, text);
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    // The page takes the text in before the form is sent.
    setTimeout(ask, 5);
  };
  const look = () => {
    const isRecorded = [...document.querySelectorAll('main span')].some((span) => span.textContent === 'recorded');
    const isLive = marks.askedMs !== undefined && !isRecorded;
    if (isLive && document.querySelector('[role="toolbar"] button')) marks.firstTokenMs ??= performance.now();
  };
  ask();
  new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
}

/**
 * @param {BrowserContext} context
 * @param {string} url
 * @returns {Promise<Figures>}
 */
async function visit(context, url) {
  const page = await context.newPage();
  try {
    sent.length = 0;
    await page.addInitScript(askAtOnce, question);
    await page.goto(url);
    const marks = await page
      .waitForFunction(
        () => {
          const { marks } = /** @type {typeof globalThis & { marks: Marks }} */ (globalThis);
          const [paint] = performance.getEntriesByName('first-contentful-paint');
          return marks.firstTokenMs !== undefined && paint && { ...marks, paintMs: paint.startTime };
        },
        undefined,
        { timeout: PATIENCE_MS, polling: 20 },
      )
      .then((handle) => handle.jsonValue());
    const sum = (/** @type {'bytes' | 'gzipBytes'} */ key) => sent.reduce((total, one) => total + one[key], 0) / 1000;
    if (values.files)
      process.stdout.write(`${sent.map((one) => `${one.path} ${one.bytes} ${one.gzipBytes}`).join('\n')}\n\n`);
    return { .../** @type {any} */ (marks), kB: sum('bytes'), gzipKB: sum('gzipBytes'), numRequests: sent.length };
  } finally {
    await page.close();
  }
}

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

await build({ root, logLevel: 'warn', build: { outDir: DIST, emptyOutDir: true } });
const server = await preview({ root, build: { outDir: DIST }, preview: { port: 4292, strictPort: false } });
server.httpServer.on('request', note);
const url = `${server.resolvedUrls?.local[0]}#ask`;
const executablePath = ensureChromium();
/** @type {Map<string, Figures[]>} */
const figures = new Map();
try {
  for (let turn = 0; turn < Number(values.turns); turn++) {
    for (const [name, args] of Object.entries(BROWSERS)) {
      const browser = await chromium.launch({ executablePath, args });
      try {
        // What a browser does at its first page is not the page's.
        const context = await browser.newContext();
        await (await context.newPage()).goto('about:blank');
        for (const state of ['cold', 'warm']) {
          const key = `${name}, ${state}`;
          figures.set(key, [...(figures.get(key) ?? []), await visit(context, url)]);
        }
      } finally {
        await browser.close();
      }
    }
  }
} finally {
  await server.close();
}

process.stdout.write('ms, medians             first paint   asked   first token   kB   kB compressed   requests\n');
for (const [name, all] of figures) {
  const of = (/** @type {keyof Figures} */ key) => median(all.map((one) => one[key])).toFixed(0);
  const columns = [of('paintMs').padStart(12), of('askedMs').padStart(8), of('firstTokenMs').padStart(14)];
  const wire = [of('kB').padStart(5), of('gzipKB').padStart(13), of('numRequests').padStart(9)];
  process.stdout.write(`${name.padEnd(22)} ${columns.join('')} ${wire.join('  ')}\n`);
}
