// The made-up device of the fake engine: its report, what work cost on it, a profile.
import { Choices } from '../device/choices';
import type { DeviceReport, MeasuredWay, PhaseCost, ProgramProfile, WorkCost } from '../protocol/protocol';

/** As on a device in software, and one kernel whose variant failed. */
function madeUpChoices(): DeviceReport['choices'] {
  const noted = new Choices();
  for (const kind of ['a·bᵀ', 'a·b', 'aᵀ·b', 'a·bᵀ by expert', 'a·b by expert'])
    for (const size of ['small', 'medium', 'large'])
      noted.note({ subject: `${kind}, ${size}`, chosen: 'rows', why: { kind: 'software' } });
  noted.note({ subject: 'subgroups in rms_norm', chosen: 'portable', why: { kind: 'failed', fault: '0.3 for 1.2' } });
  return noted.list();
}

export const DEVICE_REPORT: DeviceReport = {
  features: [
    { name: 'timestamp-query', status: 'used' },
    { name: 'shader-f16', status: 'missing' },
    { name: 'subgroups', status: 'offered' },
  ],
  limits: {
    maxBufferSize: 2 ** 28,
    maxStorageBufferBindingSize: 2 ** 27,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 16384,
  },
  choices: madeUpChoices(),
  memory: { heldBytes: 21_000_000, peakBytes: 34_000_000 },
};

/** Phases that took, in order, `ms` each on the device. */
function cost(phases: Readonly<Record<string, Partial<PhaseCost> & { readonly ms: number }>>): WorkCost {
  const all = Object.entries(phases).map(
    ([phase, given]): PhaseCost => ({
      phase,
      runs: 1,
      dispatches: 30,
      submits: 1,
      tokens: 0,
      flops: 0,
      ...given,
    }),
  );
  const elapsedMs = all.reduce((sum, { ms = 0 }) => sum + ms, 0) + 4;
  return { elapsedMs, idleMs: 12, isByClock: false, phases: all, submitP99Ms: 0.4, submitMaxMs: 1.2 };
}

export function madeUpAskCost(numTokens: number): WorkCost {
  return cost({
    prefill: { ms: 4, dispatches: 60, tokens: 8, flops: 2_739_200 },
    decode: {
      ms: numTokens * 40,
      runs: numTokens,
      dispatches: numTokens * 30,
      submits: numTokens,
      tokens: numTokens,
      flops: numTokens * 342_400,
    },
  });
}

export function madeUpStepCost(): WorkCost {
  return cost({
    prefill: { ms: 10, dispatches: 60, tokens: 128, flops: 43_827_200 },
    decode: { ms: 160, runs: 48, dispatches: 1440, submits: 48, tokens: 4096, flops: 1_402_470_400 },
    scoring: { ms: 8, dispatches: 90 },
    update: { ms: 110, runs: 3, dispatches: 900, submits: 12, tokens: 4800, flops: 4_930_560_000 },
    optimizer: { ms: 6, dispatches: 4 },
  });
}

export const PROFILE: readonly ProgramProfile[] = [
  {
    program: 'decodeOne',
    size: 1,
    kernels: [
      { kernel: 'Decode.attention', ms: 0.12, count: 3 },
      { kernel: 'Decode.sample', ms: 0.04, count: 1 },
    ],
  },
  {
    program: 'update',
    size: 2048,
    kernels: Array.from({ length: 14 }, (_, i) => ({ kernel: `Kernel.number${i}`, ms: 14 - i, count: i + 1 })),
  },
];

/** First the product, then both, as they are told. */
const inTurn = (way: MeasuredWay, tokensPerSecond: number): MeasuredWay[] => [way, { ...way, tokensPerSecond }];

/** As on a browser without relaxed SIMD. */
export const MEASURED_WAYS: readonly MeasuredWay[] = [
  ...inTurn({ way: 'javascript', threads: 1, gflops: 0.9 }, 800),
  ...inTurn({ way: 'scalar', threads: 1, gflops: 1.5 }, 2200),
  ...inTurn({ way: 'simd', threads: 1, gflops: 18.2 }, 9400),
  { way: 'relaxed', fault: { kind: 'unknownInstructions' } },
  ...inTurn({ way: 'threads', threads: 4, gflops: 61 }, 9300),
  { way: 'gpu', fault: { kind: 'noGpu' } },
];
