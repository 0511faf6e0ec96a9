// The same product and the same decode step by every way to compute that there is here, one after another, each on a device
// that is opened for it and destroyed after.
import type { DeviceSources } from '../device/chooseDevice';
import type { Device } from '../device/contract';
import { SimdMissingError } from '../device/errors';
import { createRuntime } from '../engine/runtime';
import type { ModelFolder } from '../formats/huggingface/folder';
import { type MeasuredWay, WAYS, type Way, type WayFault } from '../protocol/device';
import type { Sandbox } from '../sandbox/sandbox';
import { type Computed, decodeSpeed, productSpeed } from './waySpeeds';

/** f32 sums of 256 products of numbers below one, in any order. */
const PRODUCT_TOLERANCE = 1e-4;
/** A log-probability that went through every layer of a model, half precision on some devices. */
const LOGP_TOLERANCE = 1e-2;

interface Hooks {
  /** Has the device of the engine rest meanwhile. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  tell(measured: MeasuredWay): void;
}

type Opened = { readonly device: Device } | { readonly fault: WayFault };

/** Never rejects for what one way cannot do: that is told of it. */
export async function measureWays(
  devices: DeviceSources,
  sandbox: Sandbox,
  folder: ModelFolder,
  { inTurn, tell }: Hooks,
): Promise<void> {
  // Of the first way that has one.
  let logp: number | undefined;
  const measure = async (way: Way) => {
    const opened = await open(way, devices);
    if ('fault' in opened) return tell({ way, fault: opened.fault });
    const { device } = opened;
    try {
      const runtime = createRuntime(device, sandbox);
      const { cpu, name: adapter, isSoftware } = device;
      const of = { way, ...(cpu ? { threads: cpu.threads } : { adapter, isSoftware }) };
      const { gflops, ...product } = await productSpeed(runtime);
      if (isWrong(product, PRODUCT_TOLERANCE)) return tell({ ...of, fault: { kind: 'wrong', ...product } });
      tell({ ...of, gflops });
      const decode = await decodeSpeed(runtime, folder);
      logp ??= decode.logp;
      const drawn = { got: decode.logp, needed: logp };
      if (isWrong(drawn, LOGP_TOLERANCE)) return tell({ ...of, fault: { kind: 'wrong', ...drawn } });
      tell({ ...of, gflops, tokensPerSecond: decode.tokensPerSecond });
    } finally {
      device.destroy();
    }
  };
  for (const way of WAYS) {
    await inTurn(() => measure(way).catch((error: unknown) => tell({ way, fault: faultOf(error) })));
  }
}

// Written so that what is not a number is wrong.
const isWrong = ({ got, needed }: Computed, tolerance: number) => !(Math.abs(got - needed) <= tolerance);

const faultOf = (error: unknown): WayFault =>
  error instanceof SimdMissingError
    ? { kind: 'unknownInstructions' }
    : { kind: 'failed', fault: error instanceof Error ? error.message : String(error) };

async function open(way: Way, { openCpu, findGpu }: DeviceSources): Promise<Opened> {
  if (way === 'gpu') {
    const gpu = await findGpu().catch(() => undefined);
    if (!gpu) return { fault: { kind: 'noGpu' } };
    return { device: await gpu.open() };
  }
  if (way !== 'threads') return { device: await openCpu({ form: way, threads: 1 }) };
  const device = await openCpu({ isWhole: true });
  if (!device.cpu || device.cpu.threads > 1) return { device };
  device.destroy();
  return { fault: { kind: 'oneThread', limit: device.cpu.threadLimit } };
}
