// Whether a device computes with half precision as it says: tried out before a model is read that way.
import { type BufferRange, type Device, type DeviceBuffer, whole } from '../device/contract';
import { inHalfPrecision } from '../device/dispatch';
import { HalfPrecisionError } from '../device/errors';
import { embed } from '../kernels/elementwise/embed';
import { matmulNT } from '../kernels/matmul/matmul';
import { halve } from '../kernels/optimizer/adamw';

/** Numbers and what half precision makes of them: exact, rounded, and too large for it. */
const ROUNDED: readonly (readonly [number, number])[] = [
  ...[0, 1, -1, 0.5, -2048, 1023.5, 2 ** -14, -65504].map((exact) => [exact, exact] as const),
  ...[1e6, 65520, 3.4e38].map((large) => [large, 65504] as const),
  [-1e6, -65504],
  [Math.PI, 3.140625],
  [-1 / 3, -0.333251953125],
  [0.1, 0.0999755859375],
  [1000.3, 1000.5],
];
const WIDTH = 4;
const HEIGHT = ROUNDED.length / WIDTH;

const TURN_OFF = 'Turn fp16 off: training in f32 gives the same model, with more memory read.';

/** @throws HalfPrecisionError where shaders have no half precision, or where it does not give what it should. */
export async function checkHalfPrecision(device: Device): Promise<void> {
  if (!device.features.has('shader-f16')) {
    throw new HalfPrecisionError(
      `fp16 needs the WebGPU feature shader-f16, which ${device.name} does not have.`,
      TURN_OFF,
    );
  }
  if (device.isDryRun) return;
  const fault = await findFault(device);
  device.choices.note({
    subject: 'fp16',
    chosen: fault === undefined ? 'half precision' : 'none',
    why: fault === undefined ? { kind: 'passed' } : { kind: 'failed', fault },
  });
  if (fault !== undefined) {
    throw new HalfPrecisionError(`fp16 does not work on ${device.name}: its self-test ${fault}.`, TURN_OFF);
  }
}

/** Rounds a small matrix, reads it as embeddings and multiplies it with the identity: all three must give it back. */
async function findFault(device: Device): Promise<string | undefined> {
  const buffers: DeviceBuffer[] = [];
  const make = (data: Float32Array | Uint32Array): BufferRange => {
    const buffer = device.createBuffer('halfPrecision.check', data.byteLength);
    buffers.push(buffer);
    device.write(buffer, data);
    return whole(buffer);
  };
  const x = make(Float32Array.from(ROUNDED, ([value]) => value));
  const halves = make(new Uint32Array(ROUNDED.length / 2));
  const identity = make(Float32Array.from({ length: WIDTH * WIDTH }, (_, i) => (i % (WIDTH + 1) === 0 ? 1 : 0)));
  const [read, multiplied] = [make(new Float32Array(ROUNDED.length)), make(new Float32Array(ROUNDED.length))];
  const ids = make(Uint32Array.from({ length: HEIGHT }, (_, i) => i));
  const product = { label: 'halfPrecision.product', rows: WIDTH, columns: HEIGHT, depth: WIDTH };
  const readback = device.createReadback();
  try {
    const program = await device.compile('halfPrecision.check', [
      halve(ROUNDED.length, { x, y: halves }),
      inHalfPrecision(embed({ rows: HEIGHT, width: WIDTH }, { ids, table: halves, y: read })),
      inHalfPrecision(matmulNT({ ...product, a: identity, b: halves, y: multiplied })),
    ]);
    program.submit();
    const results = { read: await readback.readF32(read), multiplied: await readback.readF32(multiplied) };
    program.destroy();
    for (const [i, [value, expected]] of ROUNDED.entries()) {
      const turned = (i % WIDTH) * HEIGHT + Math.floor(i / WIDTH);
      if (results.read[i] !== expected) return `read ${results.read[i]} for ${value}`;
      if (results.multiplied[turned] !== expected) return `made ${results.multiplied[turned]} of ${value} in a product`;
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    for (const buffer of buffers) device.destroyBuffer(buffer);
    readback.destroy();
  }
}
