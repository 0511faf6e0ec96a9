// Opens the processor in the fastest form that this engine can run and that computes right here.
import { SimdMissingError } from '../errors';
import { CpuDevice } from './device';
import { type CompiledForm, canRun } from './forms';
import { compileOperations, type Translation, translatedOperations } from './module';
import { type CpuOptions, threadsFor } from './options';
import { faultOf } from './selfTest';
import type { StartHelper } from './team';

/** What the processor's opening needs of where it runs. */
export interface CpuHost {
  /** The compiled module of a form. */
  load(form: CompiledForm): Promise<BufferSource | Response>;
  /** The same in JavaScript. */
  loadTranslation(): Promise<Translation>;
  readonly parallelism: number;
  /** Undefined where memory cannot be shared with threads. */
  readonly startHelper: StartHelper | undefined;
}

/** Threads that have not started by then are done without. */
const MOST_START_MS = 2000;

/** @throws SimdMissingError where the engine lacks the instructions. JavaScript has one thread, however many are asked for. */
export async function openCpu(host: CpuHost, options: CpuOptions): Promise<CpuDevice> {
  const device = await openForm(host, options);
  if (options.isWhole) {
    await Promise.race([device.team.isWhole, new Promise((resolve) => setTimeout(resolve, MOST_START_MS))]);
  }
  return device;
}

async function openForm(host: CpuHost, options: CpuOptions): Promise<CpuDevice> {
  const { form } = options;
  const threads = threadsFor(options, host.parallelism, host.startHelper !== undefined);
  const open = async (form: CompiledForm) => {
    if (!canRun(form)) {
      throw new SimdMissingError(
        'This program computes with WebAssembly SIMD, which is missing here.',
        'Use a browser of 2023 or newer, or Node 20 or newer.',
      );
    }
    return new CpuDevice('processor', await compileOperations(form, host.load(form)), threads, host.startHelper);
  };
  if (form === 'javascript') {
    const operations = await translatedOperations(host.loadTranslation());
    return new CpuDevice('processor', operations, { count: 1, limit: 'asked' }, undefined);
  }
  if (form) return open(form);
  if (!canRun('relaxed')) return open('simd');
  const device = await open('relaxed');
  const fault = await faultOf(device);
  const subject = 'fused multiply-add';
  if (fault === undefined) {
    device.choices.note({ subject, chosen: 'relaxed SIMD', why: { kind: 'passed' } });
    return device;
  }
  device.destroy();
  const plain = await open('simd');
  plain.choices.note({ subject, chosen: 'SIMD', why: { kind: 'failed', fault } });
  return plain;
}
