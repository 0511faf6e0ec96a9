// C = A·B, square, f32: the product that everything is made of.
import { type BufferRange, type DeviceBuffer, whole } from '../../device/contract';
import type { Dispatch } from '../../device/dispatch';
import { matmulNN, matmulNT, matmulTN } from '../../kernels/matmul/matmul';
import { timeAlternatives } from '../../kernels/matmul/productTable';
import { rng } from '../../lib/rng';
import type { Workload } from './workload';

function operand(size: number, index: number): Float32Array {
  const draws = rng(0, 'init', size, index);
  return Float32Array.from({ length: size * size }, () => 2 * draws.uniform() - 1);
}

/** Places of C that are compared between the systems. */
const checkedPlaces = (size: number) => [0, 1, size, size * size - 1];

/** C (size, size) = A·B. */
export function gemmWorkload(size: number): Workload {
  const flops = 2 * size ** 3;
  return {
    about: `C = A·B of ${size} × ${size} matrices, f32`,
    peerTask: () => ({
      kind: 'gemm',
      work: { flops },
      input: { size, a: operand(size, 0), b: operand(size, 1), places: checkedPlaces(size) },
    }),
    prepare: async ({ device, readback, tuning }) => {
      await tuning.settle();
      const [a, b, y] = ['a', 'b', 'y'].map((name) => device.createBuffer(`Gemm.${name}`, size * size * 4)) as [
        DeviceBuffer,
        DeviceBuffer,
        DeviceBuffer,
      ];
      device.write(a, operand(size, 0));
      device.write(b, operand(size, 1));
      const product = { label: 'Gemm', rows: size, columns: size, depth: size, a: whole(a), b: whole(b), y: whole(y) };
      const gemm = matmulNN<BufferRange>(product);
      const program = await device.compile('Gemm', [gemm]);
      program.submit();
      const c = await readback.readF32(whole(y));
      return {
        check: checkedPlaces(size).map((place) => c[place] as number),
        run: async (times) => {
          for (let i = 0; i < times; i++) program.submit();
          await device.idle();
          return { flops: flops * times };
        },
        profile: async () => {
          const parts: DeviceBuffer[] = [];
          const [outer] = matmulTN<BufferRange>({ ...product, columnsA: size, columnsB: size }, (count) => {
            parts.push(device.createBuffer('Gemm.parts', count * size * size * 4));
            return whole(parts[0] as DeviceBuffer);
          });
          const times = new Map<string, { ms: number; count: number }>();
          for (const dispatch of [gemm, matmulNT<BufferRange>(product), outer as Dispatch<BufferRange>]) {
            const [kind] = (dispatch.alternatives?.subject ?? '').split(',');
            for (const [variant, ms] of await timeAlternatives(device, dispatch)) {
              times.set(`${kind} by ${variant}`, { ms, count: 1 });
            }
          }
          for (const buffer of parts) device.destroyBuffer(buffer);
          return times;
        },
        profiled: 'each product by each kernel, in turns',
        destroy: async () => {
          program.destroy();
          for (const buffer of [a, b, y]) device.destroyBuffer(buffer);
        },
      };
    },
  };
}
