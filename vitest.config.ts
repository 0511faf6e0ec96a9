// `unit` computes nothing large. `cpu` runs what computes on the processor. `gpu` runs the kernels again, and what is about
// WebGPU itself, on Dawn in Node: on the GPU of the machine or on SwiftShader.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { webgpuEnvironment } from './scripts/findSwiftshader.mjs';
import { buildWasmIfStale } from './scripts/wasm.mjs';

// Inherited by the forked workers, whose dynamic linker reads it when they start.
Object.assign(process.env, webgpuEnvironment());
await buildWasmIfStale();

/** Every core: Vitest by itself leaves one free, which of two is half. */
const maxWorkers = availableParallelism();

/** The kernels again, on the processor with fewer instructions than the engine of the tests knows. */
const withForm = (form: 'simd' | 'scalar') => ({
  test: {
    name: `cpu-${form}`,
    environment: 'node',
    env: { SOLILOQUY_TEST_FORM: form },
    include: ['src/**/*.kernel.test.ts'],
    pool: 'forks' as const,
    isolate: false,
    maxWorkers,
    testTimeout: 60_000,
    sequence: { groupOrder: 1 },
  },
});

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: ['src/**/*.{kernel,device,gpu}.test.ts'],
          pool: 'forks',
          maxWorkers,
          // A machine that much else shares takes its time; what may take how long is measured in processor time.
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'cpu',
          environment: 'node',
          include: ['src/**/*.{kernel,device}.test.ts'],
          pool: 'forks',
          maxWorkers,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      withForm('simd'),
      withForm('scalar'),
      {
        test: {
          name: 'gpu',
          environment: 'node',
          env: { SOLILOQUY_TEST_DEVICE: 'gpu' },
          include: ['src/**/*.{kernel,gpu}.test.ts'],
          // Dawn does not survive a worker thread, and a software adapter already uses every core.
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
