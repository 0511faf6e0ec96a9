// What the page may load and run: its own files, and nothing from elsewhere. Any page may frame it: framed, it shows one panel
// (src/ui/app/embedding.ts). The one truth for the page itself (a
// `meta` element, which binds it on any host), for the servers of this project (headers), and for static hosts that
// read `_headers`. How long a browser keeps a file is said there, too.
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** @typedef {import('vite').Plugin} Plugin */

/**
 * Nonce of the scripts and styles that the development server writes into the page. It is no secret: that server is no
 * one else's.
 */
const DEVELOPMENT_NONCE = 'development';

const DIRECTIVES = {
  'default-src': ["'none'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  // A worker made from a blob has the policy of its maker, one made from a file has none on a host without headers: see
  // src/lib/ownWorker.js. Trusted types leave that module alone to make workers.
  'worker-src': ["'self'", 'blob:'],
  'style-src': ["'self'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ['soliloquy'],
};
const NONCE = `'nonce-${DEVELOPMENT_NONCE}'`;
const DEVELOPMENT_DIRECTIVES = {
  ...DIRECTIVES,
  'script-src': [...DIRECTIVES['script-src'], NONCE],
  'style-src': [...DIRECTIVES['style-src'], NONCE],
};

/** @param {Record<string, string[]>} directives */
const written = (directives) =>
  Object.entries(directives)
    .map((parts) => parts.flat().join(' '))
    .join('; ');

/** @param {Record<string, string[]>} directives */
const headers = (directives) => ({
  'Content-Security-Policy': written(directives),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // With both, the page is cross-origin isolated, and its threads may share memory.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
});

/** What every answer of a server of the built page says. */
export const HEADERS = headers(DIRECTIVES);
export const META_POLICY = written(DIRECTIVES);

/** What comes with a file of assets/: its name tells its content, so a browser that has it need not ask again. */
const KEPT = { 'Cache-Control': 'public, max-age=31536000, immutable' };

const lines = (/** @type {Record<string, string>} */ fields) =>
  Object.entries(fields).map(([name, value]) => `  ${name}: ${value}\n`);

/** For static hosts. */
export const HEADERS_FILE = ['/*\n', ...lines(HEADERS), '/assets/*\n', ...lines(KEPT)].join('');

/**
 * @param {import('vite').ResolvedConfig} config
 * @returns {import('vite').Connect.NextHandleFunction}
 */
function keepAssets({ root, build }) {
  const assets = join(resolve(root, build.outDir), build.assetsDir);
  return ({ url = '' }, response, next) => {
    const { pathname } = new URL(url, 'http://localhost');
    const isAsset = pathname === `/${build.assetsDir}/${basename(pathname)}`;
    // In place of a missing file a page is sent.
    if (isAsset && existsSync(join(assets, basename(pathname)))) {
      for (const [name, value] of Object.entries(KEPT)) response.setHeader(name, value);
    }
    next();
  };
}

/**
 * Puts the policy into the built page, beside it as `_headers`, and into the answers of `vite`, `vite preview` and `npm start`.
 * @returns {Plugin}
 */
export function contentSecurityPolicy() {
  return {
    name: 'content-security-policy',
    config: (_, { command, isPreview, isSsrBuild }) => {
      if (isSsrBuild) return {};
      const isDevelopment = command === 'serve' && !isPreview;
      return {
        preview: { headers: HEADERS },
        server: { headers: headers(DEVELOPMENT_DIRECTIVES) },
        ...(isDevelopment ? { html: { cspNonce: DEVELOPMENT_NONCE } } : {}),
      };
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_, { server }) =>
        server
          ? []
          : [
              {
                tag: 'meta',
                attrs: { 'http-equiv': 'Content-Security-Policy', content: META_POLICY },
                injectTo: 'head-prepend',
              },
            ],
    },
    generateBundle() {
      if (this.environment.name !== 'client') return;
      this.emitFile({ type: 'asset', fileName: '_headers', source: HEADERS_FILE });
    },
    configurePreviewServer: ({ config, middlewares }) => void middlewares.use(keepAssets(config)),
  };
}
