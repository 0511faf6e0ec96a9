// Nothing leaves the machine, and no text runs as code: not from the page, nor from inside its workers, on a host that sends the
// policy as headers and on one that sends none. A server on another port counts what reaches it.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type Page, type Worker } from '@playwright/test';
import { build } from 'vite';
import { HEADERS, HEADERS_FILE } from '../scripts/policy.mjs';
import { test } from './fakeEngine';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, resolve));
  const address = server.address();
  return `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
}

/** What reached a stranger's server, by the path that each probe asks. */
const hits: string[] = [];
const stranger = createServer((request, response) => {
  hits.push(request.url ?? '');
  response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }).end('0');
});
stranger.on('upgrade', (request, socket) => {
  hits.push(request.url ?? '');
  socket.destroy();
});

/** A static host that sends no headers of its own, with the page below a path, and at /blank a page without a policy. */
const plainHost = createServer((request, response) => {
  const path = join(
    'dist',
    decodeURIComponent(new URL(request.url ?? '', 'http://host').pathname).replace(/^\/some\/path/, ''),
  );
  const file = path.endsWith('/') ? join(path, 'index.html') : path;
  if (request.url === '/blank') response.writeHead(200, { 'content-type': 'text/html' }).end();
  else if (!existsSync(file)) response.writeHead(404).end();
  else
    response
      .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
      .end(readFileSync(file));
});

let strangerUrl = '';
let plainUrl = '';
test.beforeAll(async () => {
  strangerUrl = await listen(stranger);
  plainUrl = `${await listen(plainHost)}/some/path/`;
});
test.afterAll(() => {
  stranger.close();
  plainHost.close();
});
test.beforeEach(() => {
  hits.length = 0;
});

/** Tries every way out and every way from text to code, in a worker or a page; answers those that were open. */
async function probe(stranger: string): Promise<string[]> {
  /** Resolves once the target fires the event that is good news. */
  const opened = (target: EventTarget, good: string) =>
    new Promise((resolve, reject) => {
      target.addEventListener(good, resolve);
      target.addEventListener('error', reject);
    });
  const blobOf = (text: string) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const loaded = (url: string) => import(/* @vite-ignore */ url);
  // After a turn of the event loop: what the developer tools evaluate may evaluate text at first.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const ways: Record<string, () => unknown> = {
    fetch: () => fetch(`${stranger}/fetch`, { mode: 'no-cors' }),
    fetchOfRequest: () => fetch(new Request(`${stranger}/request`), { method: 'POST' }),
    fetchByPrototype: () =>
      Object.getPrototypeOf(Object.getPrototypeOf(globalThis)).fetch.call(globalThis, `${stranger}/prototype`),
    xhr: () => {
      const request = new XMLHttpRequest();
      request.open('GET', `${stranger}/xhr`);
      request.send();
      return opened(request, 'load');
    },
    webSocket: () => opened(new WebSocket(`${stranger.replace('http', 'ws')}/socket`), 'open'),
    eventSource: () => opened(new EventSource(`${stranger}/events`), 'open'),
    webTransport: () => new WebTransport(stranger.replace('http', 'https')).ready,
    beacon: () => {
      if (!navigator.sendBeacon(`${stranger}/beacon`)) throw new Error('refused');
    },
    cache: async () => (await caches.open('probe')).add(`${stranger}/cache`),
    font: () => new FontFace('probe', `url(${stranger}/font)`).load(),
    importStranger: () => loaded(`${stranger}/import.js`),
    importData: () => loaded('data:text/javascript,0'),
    importBlob: () => loaded(blobOf('0')),
    importScripts: () => importScripts(`${stranger}/scripts.js`),
    workerOfStranger: () => opened(new Worker(`${stranger}/worker.js`), 'message'),
    workerOfBlob: () => opened(new Worker(blobOf('postMessage(1)')), 'message'),
    moduleWorkerOfBlob: () => opened(new Worker(blobOf('postMessage(1)'), { type: 'module' }), 'message'),
    workerOfData: () => opened(new Worker('data:text/javascript,postMessage(1)'), 'message'),
    sharedWorker: () => new SharedWorker(blobOf('0')),
    // biome-ignore lint/security/noGlobalEval: what is tried
    eval: () => globalThis.eval('1'),
    function: () => new Function('return 1')(),
    functionOfFunction: () => (() => {}).constructor('return 1')(),
    asyncFunction: () => (async () => {}).constructor('return 1')(),
    generator: () => function* () {}.constructor('yield 1')(),
    timer: () =>
      new Promise((resolve, reject) => {
        Reflect.set(globalThis, 'probed', resolve);
        setTimeout('probed()' as unknown as () => void);
        setTimeout(reject, 200);
      }),
    peer: () => new RTCPeerConnection().close(),
  };
  const tried = Object.entries(ways).map(async ([name, way]) => {
    try {
      await Promise.race([way(), new Promise((_, reject) => setTimeout(reject, 2000))]);
      return [name];
    } catch {
      return [];
    }
  });
  return (await Promise.all(tried)).flat();
}

/** Waits for what was sent to arrive. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 300));

async function expectClosed(worker: Worker): Promise<void> {
  expect(await worker.evaluate(probe, strangerUrl)).toEqual([]);
  await settle();
  expect(hits).toEqual([]);
  // What the page is made of can still be had.
  expect(await worker.evaluate(async () => (await fetch(new URL('/icon.svg', origin))).status)).not.toBe(0);
}

async function openReward(page: Page, url: string): Promise<Worker> {
  await page.goto(`${url}?engine=fake#train`);
  await page.getByRole('button', { name: 'Write your own reward' }).click();
  const started = page.waitForEvent('worker');
  await page.getByRole('button', { name: /^Try it on/ }).click();
  return started;
}

test('the probes find every way where nothing is closed', async ({ page }) => {
  await page.goto(new URL('/blank', plainUrl).href);
  const started = page.waitForEvent('worker');
  await page.evaluate(() => {
    const text = 'setInterval(() => {}, 1000)';
    Reflect.set(globalThis, 'kept', new Worker(URL.createObjectURL(new Blob([text]))));
  });
  const open = await (await started).evaluate(probe, strangerUrl);
  await settle();
  for (const way of [
    'fetch',
    'importStranger',
    'importData',
    'importBlob',
    'workerOfBlob',
    'eval',
    'function',
    'asyncFunction',
    'timer',
  ])
    expect(open).toContain(way);
  for (const path of ['/fetch', '/xhr', '/socket', '/events', '/cache', '/font', '/import.js', '/scripts.js'])
    expect(hits).toContain(path);
});

for (const host of ['headers', 'no headers'] as const) {
  test.describe(`on a host that sends ${host}`, () => {
    const siteOf = (baseURL: string | undefined) => (host === 'headers' ? `${baseURL}/` : plainUrl);

    test('nothing leaves the engine’s worker, and no text runs there', async ({ page, baseURL }) => {
      const started = page.waitForEvent('worker');
      await page.goto(siteOf(baseURL));
      const worker = await started;
      expect(worker.url()).toContain('engine.worker');
      // Its threads share memory where the host says that they may.
      expect(await worker.evaluate(() => crossOriginIsolated)).toBe(host === 'headers');
      await expectClosed(worker);
    });

    test('the processor computes on as many threads as that allows', async ({ page, baseURL }) => {
      await page.goto(`${siteOf(baseURL)}?device=cpu#device`);
      await expect(page.getByTestId('model-status')).toContainText('parameters');
      const threads =
        host === 'headers' ? /On (one|\d+) threads?: as many as/ : /On one thread: .*not cross-origin isolated/;
      await expect(page.getByText(threads)).toBeVisible();
    });

    test('nothing leaves the sandbox’s worker, and no text runs there', async ({ page, baseURL }) => {
      const worker = await openReward(page, siteOf(baseURL));
      expect(worker.url()).toContain('guest.worker');
      await expectClosed(worker);
    });

    test('nothing leaves the page, and no text runs there', async ({ page, baseURL }) => {
      await page.goto(`${siteOf(baseURL)}?engine=fake`);
      await expect(page.getByRole('navigation').first()).toBeVisible();
      // A beacon that is never sent is no error; and no directive that browsers know keeps a page from its peers.
      const open = await page.evaluate(probe, strangerUrl);
      expect(open.filter((way) => way !== 'beacon' && way !== 'peer')).toEqual([]);
      const marked = await page.evaluate(() => {
        try {
          document.body.innerHTML = '<b>text</b>';
          return 'marked';
        } catch (error) {
          return String(error);
        }
      });
      expect(marked).toContain('TrustedHTML');
      await page.evaluate((url) => {
        new Image().src = `${url}/pixel.png`;
        document.body.append(Object.assign(document.createElement('iframe'), { src: `${url}/frame` }));
      }, strangerUrl);
      await settle();
      expect(hits).toEqual([]);
    });
  });
}

test('every file comes with the policy, and a static host finds the same in _headers', async ({ request }) => {
  const asset = /src="\.\/(assets\/[^"]+)"/.exec(await (await request.get('/')).text())?.[1];
  for (const path of ['/', `/${asset}`, '/icon.svg']) {
    const sent = (await request.get(path)).headers();
    for (const [name, value] of Object.entries(HEADERS)) expect(sent[name.toLowerCase()]).toBe(value);
  }
  // Any page may frame it.
  expect(HEADERS['Content-Security-Policy']).not.toContain('frame-ancestors');
  expect(readFileSync('dist/_headers', 'utf8')).toBe(HEADERS_FILE);
});

test('a browser keeps what has its content in its name, and asks anew for the rest', async ({ request }) => {
  const asset = /src="\.\/(assets\/[^"]+)"/.exec(await (await request.get('/')).text())?.[1];
  const caching = async (path: string) => (await request.get(path)).headers()['cache-control'];
  expect(await caching(`/${asset}`)).toContain('immutable');
  for (const path of ['/', '/models/models.json', '/assets/gone-12345678.js'])
    expect(await caching(path)).toBe('no-cache');
});

/** What the browser says of the policy, and requests to other sites. */
function watch(page: Page, baseURL: string | undefined): string[] {
  const complaints: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== baseURL && !request.url().startsWith('blob:')) complaints.push(request.url());
  });
  page.on('console', (message) => {
    if (/content.security.policy|trusted/i.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}

test('no screen breaks a rule of the policy', async ({ page, baseURL }) => {
  const complaints = watch(page, baseURL);
  for (const screen of ['ask', 'train', 'stages', 'compare', 'models', 'device']) {
    await page.goto(`/?engine=fake&speed=10#${screen}`);
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  }
  expect(complaints).toEqual([]);
});

test('mathematics breaks no rule of the policy, and is bounded', async ({ page, baseURL }) => {
  const complaints = watch(page, baseURL);
  const entry = fileURLToPath(new URL('../src/ui/components/katex.ts', import.meta.url));
  const lib = { entry, formats: ['es' as const], fileName: 'formula' };
  const result = await build({ configFile: false, logLevel: 'warn', build: { write: false, lib } });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (bundle === undefined || !('output' in bundle)) throw new Error('Vite returned no bundle.');
  const body = bundle.output[0].code;
  await page.route('**/formula.js', (route) => route.fulfill({ contentType: 'text/javascript', body }));
  await page.goto('/?engine=fake');
  const bomb = `\\def\\a{${'x'.repeat(200)}}${'\\a'.repeat(90)}`;
  const made = await page.evaluate(
    async ([url, ...formulas]) => {
      const { typeset } = await import(/* @vite-ignore */ url as string);
      return formulas.map((tex) => {
        const element = document.body.appendChild(document.createElement('p'));
        typeset(tex, element);
        const styled = [...element.querySelectorAll<SVGElement>('svg, .katex-error, mstyle')];
        return {
          text: element.textContent,
          elements: element.querySelectorAll('*').length,
          styles: styled.map(({ style }) => style.length),
        };
      });
    },
    ['/formula.js', '\\vec{x}', '\\pmb{x}', 'x}', bomb] as const,
  );
  for (const { styles, elements } of made.slice(0, 3)) {
    expect(elements).toBeGreaterThan(0);
    expect(Math.max(...styles)).toBeGreaterThan(0);
  }
  expect(made[3]).toEqual({ text: bomb, elements: 0, styles: [] });
  expect(complaints).toEqual([]);
});
