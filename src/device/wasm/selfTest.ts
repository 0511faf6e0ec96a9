// Whether the fused multiply-add computes right on the very processor: every inner loop rests on it.
import { whole } from '../contract';
import type { CpuDevice } from './device';

const [ROWS, COLUMNS, DEPTH] = [5, 12, 33];
/** Of a sum of DEPTH products of numbers below one, however each is rounded. */
const TOLERANCE = 1e-5;

/** Numbers from −1 to 1 that no short sum of them gives by chance. */
const numbers = (length: number, seed: number) => Float32Array.from({ length }, (_, i) => Math.sin(seed + i * i));

/** A small product, compared with the same in f64: what is wrong with it, if anything. */
export async function faultOf(device: CpuDevice): Promise<string | undefined> {
  const [a, b] = [numbers(ROWS * DEPTH, 1), numbers(DEPTH * COLUMNS, 2)];
  const buffers = [a.byteLength, b.byteLength, ROWS * COLUMNS * 4].map((size) =>
    device.createBuffer('SelfTest.product', size),
  );
  const [bufferA, bufferB, bufferY] = buffers as [(typeof buffers)[0], (typeof buffers)[0], (typeof buffers)[0]];
  device.write(bufferA, a);
  device.write(bufferB, b);
  const program = await device.compile('SelfTest', [
    {
      label: 'SelfTest.product',
      kernel: { shader: 'matmul_nn' },
      params: {
        ...{ rows: ROWS, columns: COLUMNS, depth: DEPTH },
        ...{ a_stride: DEPTH, a_offset: 0, y_stride: COLUMNS, y_offset: 0, expert_stride: 0, num_experts: 0 },
      },
      bindings: { a: whole(bufferA), b: whole(bufferB), y: whole(bufferY) },
      workgroups: [1, 1, 1],
    },
  ]);
  program.submit();
  const y = await device.createReadback().readF32(whole(bufferY));
  program.destroy();
  for (const buffer of buffers) device.destroyBuffer(buffer);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      let expected = 0;
      for (let k = 0; k < DEPTH; k++) {
        expected += (a[row * DEPTH + k] as number) * (b[k * COLUMNS + column] as number);
      }
      const got = y[row * COLUMNS + column] as number;
      // Written so that a NaN is a fault.
      if (!(Math.abs(got - expected) <= TOLERANCE)) return `y[${row}, ${column}] is ${got} for ${expected}`;
    }
  }
  return undefined;
}
