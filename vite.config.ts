// Builds the page (dist/) and, with `--ssr src/cli/main.ts`, the headless program (dist-cli/, see scripts/buildCli.mjs).
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { originNotice, portOfEnvironment, USUAL_PORT } from './scripts/serving.mjs';

/** What the built page may load and run: its own files, and nothing from elsewhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Puts the policy into the built page; the development server needs inline scripts and styles, so it goes without. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** A build serves nothing, so it minds no PORT. */
const asked = (command: 'build' | 'serve') => (command === 'serve' ? portOfEnvironment(process.env) : undefined);

export default defineConfig(({ command, isSsrBuild }) => ({
  // Relative, so that a build works under any path of a static host.
  base: './',
  plugins: [react(), tailwindcss(), contentSecurityPolicy(), originNotice()],
  // The names of error classes cross to the page as plain text, which tells a missing GPU from a small one by them.
  worker: { format: 'es', rolldownOptions: { output: { keepNames: true } } },
  server: { port: asked(command) ?? 5173 },
  preview: { port: asked(command) ?? USUAL_PORT },
  build: isSsrBuild
    ? { copyPublicDir: false, minify: false, target: 'node20', rolldownOptions: { output: { codeSplitting: false } } }
    : // An inlined asset is a data: URL, which the policy refuses for fonts.
      { target: 'es2023', assetsInlineLimit: 0 },
  // Dawn is a native module; all else goes into the one file.
  ssr: { noExternal: true, external: ['webgpu'] },
}));
