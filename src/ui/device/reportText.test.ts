import { expect, it } from 'vitest';
import { reportText } from './reportText';

const nothing = { model: undefined, report: undefined, ask: undefined, step: undefined, profile: undefined };

it('a report has every figure of the panel, and says what is not known', () => {
  const text = reportText({
    ...nothing,
    browser: 'Chrome/156',
    device: {
      kind: 'cpu',
      name: 'acme / one',
      isSoftware: true,
      cpu: { threads: 1, threadLimit: 'unshared', form: 'simd' },
      why: { kind: 'noGpu', fault: 'No adapter.' },
    },
    report: {
      features: [
        { name: 'timestamp-query', status: 'missing' },
        { name: 'subgroups', status: 'used' },
      ],
      limits: { maxBufferSize: 268435456 },
      choices: [
        { subject: 'rms_norm', chosen: 'portable', why: { kind: 'failed', fault: '' }, reason: 'self-test failed' },
      ],
      memory: { heldBytes: 21_000_000, peakBytes: 34_000_000, plannedBytes: 36_500_000 },
    },
    ask: {
      elapsedMs: 50,
      idleMs: 10,
      isByClock: true,
      submitP99Ms: 0.4,
      submitMaxMs: 1.2,
      phases: [
        { phase: 'decode', ms: 40, runs: 8, dispatches: 240, submits: 8, tokens: 20, flops: 8e6 },
        { phase: 'prefill', ms: undefined, runs: 1, dispatches: 30, submits: 1, tokens: 8, flops: 0 },
      ],
    },
    ways: [
      { way: 'simd', threads: 1, gflops: 17.234, tokensPerSecond: 9412.6 },
      { way: 'gpu', fault: { kind: 'noGpu' } },
    ],
    profile: [{ program: 'update', size: 2048, kernels: [{ kernel: 'Linear.forward', ms: 1.5, count: 12 }] }],
  });
  expect(text).toBe(
    [
      'device: acme / one (simd, 1 threads: unshared)',
      'taken: noGpu: No adapter.',
      'browser: Chrome/156',
      'model: none',
      'features: timestamp-query missing, subgroups used',
      'limits: maxBufferSize 268435456',
      'memory: held 21.0 MB, peak 34.0 MB, planned 36.5 MB',
      'choices:',
      '  rms_norm: portable (self-test failed)',
      'last answer: 50.0 ms, phases by the clock, 0.16 GFLOP/s, 20 % outside the device, submit p99 0.4 ' +
        'ms, longest 1.2 ms, 30 dispatches a decode step',
      '  decode: 40.0 ms, 500 tok/s, 0.20 GFLOP/s, 8 runs, 240 dispatches, 8 submits',
      '  prefill: - ms, - tok/s, - GFLOP/s, 1 runs, 30 dispatches, 1 submits',
      'last training step: none yet',
      'simd, threads: 1: 17.23 GFLOP/s, 9413 tok/s',
      'gpu: not measured, {"kind":"noGpu"}',
      'profile of update, 2048 tokens:',
      '  Linear.forward: 1.500 ms in 12',
    ].join('\n'),
  );
});
