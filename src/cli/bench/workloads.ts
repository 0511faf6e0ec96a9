// The workloads there are, in the order in which they run.
import { decodeDense, decodeWorkload, startUp } from './decoding';
import { gemmWorkload } from './gemm';
import { trainDense, trainDense4m } from './trainDense';
import { grpoStep, grpoStepSmall, trainActiveDense, trainMoe, trainMoe8, trainMoe32 } from './training';
import type { Workload } from './workload';

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  'start-up': startUp,
  'gemm-512': gemmWorkload(512),
  'gemm-1024': gemmWorkload(1024),
  'gemm-4096': { ...gemmWorkload(4096), isOnlyAskedFor: true },
  'train-dense': trainDense,
  'train-dense-4m': trainDense4m,
  'train-moe': trainMoe,
  'train-moe-8': trainMoe8,
  'train-moe-32': trainMoe32,
  'train-active-dense': trainActiveDense,
  'decode-1': decodeWorkload(1),
  'decode-1-at-512': decodeWorkload(1, 512),
  'decode-16': decodeWorkload(16),
  'decode-64': decodeWorkload(64),
  'decode-128': decodeWorkload(128),
  'decode-dense-1': decodeDense,
  'grpo-step': grpoStep,
  'grpo-step-small': grpoStepSmall,
};

export const WORKLOAD_NAMES: readonly string[] = Object.keys(WORKLOADS);
