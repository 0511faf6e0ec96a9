// Times of compute passes by the device's own clock.
import type { Connection } from './connection';

const MOST_PASSES = 1024;

/** Submits each as a pass of its own; milliseconds of each. The device must have `timestamp-query`. */
export async function timePasses(
  device: Connection,
  passes: readonly ((pass: GPUComputePassEncoder) => void)[],
): Promise<number[]> {
  const { gpu } = device;
  const elapsedMs: number[] = [];
  for (let from = 0; from < passes.length; from += MOST_PASSES) {
    const part = passes.slice(from, from + MOST_PASSES);
    const querySet = gpu.createQuerySet({ type: 'timestamp', count: part.length * 2 });
    const size = part.length * 16;
    const resolveBuffer = gpu.createBuffer({ size, usage: 0x200 | 0x04 }); // QUERY_RESOLVE | COPY_SRC
    const readBuffer = gpu.createBuffer({ size, usage: 0x01 | 0x08 }); // MAP_READ | COPY_DST
    const encoder = gpu.createCommandEncoder();
    part.forEach((record, i) => {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: i * 2, endOfPassWriteIndex: i * 2 + 1 };
      const pass = encoder.beginComputePass({ timestampWrites });
      record(pass);
      pass.end();
    });
    encoder.resolveQuerySet(querySet, 0, part.length * 2, resolveBuffer, 0);
    encoder.copyBufferToBuffer(resolveBuffer, 0, readBuffer, 0, size);
    gpu.queue.submit([encoder.finish()]);
    await device.race(readBuffer.mapAsync(0x01), 'its timestamps');
    const times = new BigUint64Array(readBuffer.getMappedRange().slice(0));
    part.forEach((_, i) => {
      elapsedMs.push(Number((times[i * 2 + 1] as bigint) - (times[i * 2] as bigint)) / 1e6);
    });
    for (const resource of [querySet, resolveBuffer, readBuffer]) resource.destroy();
  }
  return elapsedMs;
}
