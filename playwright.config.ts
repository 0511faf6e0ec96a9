// What a person does, in a real browser on the built page. `page` uses the fake engine and is quick; `journey`
// (*.journey.spec.ts) uses the real one, on the processor but where WebGPU itself is meant, with long limits.
import { defineConfig } from '@playwright/test';
import { WITH_WEBGPU } from './scripts/chromiumFlags.mjs';
import { findChromium } from './scripts/findChromium.mjs';

const PORT = Number(process.env.SOLILOQUY_E2E_PORT ?? 4183);

export default defineConfig({
  testDir: 'e2e',
  forbidOnly: process.env.CI !== undefined,
  reporter: 'list',
  use: {
    baseURL: `http://localhost:${PORT}`,
    // Thinking is shown as fast as it comes: its pace is the reader's time, and is tested for itself.
    storageState: {
      cookies: [],
      origins: [
        {
          origin: `http://localhost:${PORT}`,
          localStorage: [{ name: 'soliloquy.preferences', value: JSON.stringify({ version: 2, pace: 'live' }) }],
        },
      ],
    },
    launchOptions: { executablePath: findChromium(), args: WITH_WEBGPU },
    // On two cores a traced test takes up to twice as long.
    trace: 'on-first-retry',
  },
  // One worker: a journey uses every core, and a second one would only make both slow. `npm test` runs the pages by themselves,
  // with more.
  workers: 1,
  // A machine that much else shares can put any step off beyond its limit; a test that needed its second try is told of as flaky.
  retries: 1,
  projects: [
    {
      name: 'page',
      testIgnore: '**/*.journey.spec.ts',
      timeout: 60_000,
      // A busy machine takes its time over what is sure to come.
      expect: { timeout: 15_000 },
    },
    {
      name: 'journey',
      testMatch: '**/*.journey.spec.ts',
      timeout: 10 * 60_000,
      expect: { timeout: 60_000 },
      // A control that never becomes usable fails its own action, not the whole test minutes later.
      use: { actionTimeout: 60_000 },
    },
  ],
  webServer: {
    command: `npx vite preview --port ${PORT} --strictPort`,
    url: `http://localhost:${PORT}`,
    reuseExistingServer: false,
  },
});
