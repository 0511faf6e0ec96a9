// Builds the page (dist/) and, with `--ssr src/cli/main.ts`, the headless program (dist-cli/, see scripts/buildCli.mjs).
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { fakeEngineInDevelopment } from './scripts/fakeEngine.mjs';
import { engineInOneFile, firstPaint } from './scripts/firstPaint.mjs';
import { contentSecurityPolicy } from './scripts/policy.mjs';
import { originNotice, portOfEnvironment, USUAL_PORT } from './scripts/serving.mjs';
import { wasmModules } from './scripts/wasm.mjs';

/** A build serves nothing, so it minds no PORT. */
const asked = (command: 'build' | 'serve') => (command === 'serve' ? portOfEnvironment(process.env) : undefined);

export default defineConfig(({ command, isSsrBuild }) => ({
  // Relative, so that a build works under any path of a static host.
  base: './',
  plugins: [
    wasmModules(),
    react(),
    tailwindcss(),
    contentSecurityPolicy(),
    originNotice(),
    firstPaint(),
    fakeEngineInDevelopment(),
  ],
  worker: { format: 'es', rolldownOptions: { output: engineInOneFile } },
  server: { port: asked(command) ?? 5173 },
  preview: { port: asked(command) ?? USUAL_PORT },
  build: isSsrBuild
    ? { copyPublicDir: false, minify: false, target: 'node20', rolldownOptions: { output: { codeSplitting: false } } }
    : // An inlined asset is a data: URL, which the policy refuses for fonts.
      { target: 'es2023', assetsInlineLimit: 0 },
  // Dawn is a native module; all else goes into the one file.
  ssr: { noExternal: true, external: ['webgpu'] },
}));
