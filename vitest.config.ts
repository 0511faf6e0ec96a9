// Two projects: `unit` runs anywhere; `gpu` runs kernels on Dawn in Node, on the GPU of the machine or on SwiftShader.
import { defineConfig } from 'vitest/config';
import { webgpuEnvironment } from './scripts/findSwiftshader.mjs';

// Inherited by the forked workers, whose dynamic linker reads it when they start.
Object.assign(process.env, webgpuEnvironment());

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: ['src/**/*.gpu.test.ts'],
          pool: 'forks',
        },
      },
      {
        test: {
          name: 'gpu',
          environment: 'node',
          include: ['src/**/*.gpu.test.ts'],
          // Dawn does not survive a worker thread, and a software adapter already uses every core.
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
