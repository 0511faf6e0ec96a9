// A model's parameters once more, as programs may read them: in half precision, or their matrices in eight bits.
import { type BufferRange, type Device, type DeviceBuffer, type Program, whole } from '../device/contract';
import type { Dispatch } from '../device/dispatch';
import { halve } from '../kernels/optimizer/adamw';
import { fp8Blocks, packFp8Blocks } from '../kernels/quantization/fp8';
import { numElements } from '../lib/tensors/storedTensor';
import { checkHalfPrecision } from './halfPrecision';
import { isMultiplied } from './parameterShapes';
import { type ParameterLayout, poolRanges } from './parameters';

interface Pool {
  readonly size: number;
  readonly weights: DeviceBuffer;
}

/** A copy of each pool. */
export interface WeightCopy {
  readonly dtype: 'f16' | 'e4m3';
  /** Of a number. */
  readonly bytes: number;
  readonly buffers: readonly DeviceBuffer[];
  /** By pool: makes its copy anew. */
  readonly dispatches: readonly (readonly Dispatch<BufferRange>[])[];
  /** Makes all anew. */
  readonly program: Program;
  /** To be freed with the copy: `buffers` and what making them takes. */
  readonly owned: readonly DeviceBuffer[];
}

/** @throws HalfPrecisionError where the device has no half precision that works; OutOfMemoryError. */
export async function copyInHalves(device: Device, pools: readonly Pool[]): Promise<WeightCopy> {
  await checkHalfPrecision(device);
  const bytes = 2;
  const buffers = await device.guardMemory(() =>
    pools.map(({ size }, i) => device.createBuffer(`HalfWeights.pool:${i}`, size * bytes)),
  );
  const dispatches = pools.map(({ size, weights }, i) => [
    halve<BufferRange>(size, { x: whole(weights), y: whole(buffers[i] as DeviceBuffer) }),
  ]);
  const program = await device.compile('Weights.halve', dispatches.flat());
  return { dtype: 'f16', bytes, buffers, dispatches, program, owned: buffers };
}

/** @throws OutOfMemoryError. */
export async function copyInFp8(device: Device, pools: readonly Pool[], layout: ParameterLayout): Promise<WeightCopy> {
  const bytes = 4;
  const tables = pools.map((_, pool) =>
    packFp8Blocks(
      poolRanges(layout, pool).map(({ name, shape, at }) => {
        const columns = isMultiplied(name) ? { columns: shape.at(-1) } : {};
        return { at, size: numElements(shape), ...columns };
      }),
    ),
  );
  const made = await device.guardMemory(() =>
    pools.map(({ size }, i) => ({
      copy: device.createBuffer(`Fp8Weights.pool:${i}`, size * bytes),
      blocks: device.createBuffer(`Fp8Weights.blocks:${i}`, (tables[i] as Uint32Array).byteLength),
    })),
  );
  const dispatches = made.map(({ copy, blocks }, i) => {
    const table = tables[i] as Uint32Array;
    device.write(blocks, table);
    const x = whole((pools[i] as Pool).weights);
    return [fp8Blocks<BufferRange>(table.length / 4, { x, blocks: whole(blocks), y: whole(copy) })];
  });
  const program = await device.compile('Weights.round', dispatches.flat());
  const buffers = made.map(({ copy }) => copy);
  return {
    dtype: 'e4m3',
    bytes,
    buffers,
    dispatches,
    program,
    owned: [...buffers, ...made.map(({ blocks }) => blocks)],
  };
}
