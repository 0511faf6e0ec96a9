// The made-up engine is no part of the built page. The tests in a browser put it in as a script of their own; the server for
// development puts it into every page, where `?engine=fake` in the address turns it on.
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './stale.mjs';

const INSTALL = 'src/testing/fakeEngine/install.ts';

/**
 * The made-up engine as one classic script, which has to run before the page's own.
 * @returns {Promise<string>}
 */
export async function bundleFakeEngine() {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: { write: false, lib: { entry: join(root, INSTALL), formats: ['iife'], name: 'fakeEngine' } },
  });
  const [bundle] = Array.isArray(result) ? result : [result];
  if (bundle === undefined || !('output' in bundle)) throw new Error('Vite returned no bundle.');
  return bundle.output[0].code;
}

/**
 * For the server of development alone.
 * @returns {import('vite').Plugin}
 */
export function fakeEngineInDevelopment() {
  return {
    name: 'fake-engine-in-development',
    apply: (_, { command, isPreview }) => command === 'serve' && !isPreview,
    transformIndexHtml: () => [
      { tag: 'script', attrs: { type: 'module', src: `/${INSTALL}` }, injectTo: 'head-prepend' },
    ],
  };
}
