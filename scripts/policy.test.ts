import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { resolveConfig } from 'vite';
import { describe, expect, test } from 'vitest';
import { HEADERS, META_POLICY } from './policy.mjs';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|tsx|js)$/.test(path) && !/\.test\.tsx?$|^testing/.test(path))
  .map((path) => ({ path, text: readFileSync(join('src', path), 'utf8') }));

describe('the policy', () => {
  test('is sent by both servers; only the one for development knows a nonce', async () => {
    const preview = await resolveConfig({}, 'serve', 'production', 'production', true);
    expect(preview.preview.headers).toEqual(HEADERS);
    const { server, html } = await resolveConfig({}, 'serve');
    const [sent, nonce] = [String(server.headers['Content-Security-Policy']), `'nonce-${html?.cspNonce}'`];
    expect(sent.replaceAll(` ${nonce}`, '')).toBe(HEADERS['Content-Security-Policy']);
    expect(sent.split(nonce)).toHaveLength(3);
    expect(HEADERS['Content-Security-Policy']).not.toContain('nonce');
  });

  test('trusts no text, inline or in eval', () => {
    for (const policy of [META_POLICY, HEADERS['Content-Security-Policy']]) {
      expect(policy).not.toMatch(/unsafe-(inline|eval)'(?<!'wasm-unsafe-eval')|https?:|\*/);
      expect(policy).toContain("require-trusted-types-for 'script'");
    }
  });
});

describe('every worker of the page', () => {
  test('takes the ways out from itself before it imports anything else', () => {
    const workers = sources.filter(({ path }) => /\.worker\.(ts|js)$/.test(path));
    expect(workers.length).toBeGreaterThan(1);
    for (const { path, text } of workers) {
      const up = '../'.repeat(path.split(sep).length - 1);
      expect([path, /^import .*$/m.exec(text)?.[0]]).toEqual([path, `import '${up}lib/ownWorker.js';`]);
    }
  });

  test('is started by the one function that hands the policy on', () => {
    const starting = sources.filter(({ text }) => /new (Shared)?Worker\(/.test(text)).map(({ path }) => path);
    // Threads of Node know no policy.
    const inNode = [join('sandbox', 'nodeSandbox.ts'), join('device', 'wasm', 'nodeCpu.ts')];
    expect(starting.sort()).toEqual([join('lib', 'ownWorker.js'), ...inNode].sort());
  });
});
