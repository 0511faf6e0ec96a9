// The browser of the tests must have WebGPU; without it every journey would fail for a reason that looks like the page's.
import { expect, test } from '@playwright/test';

test('the browser computes on a WebGPU adapter', async ({ page }) => {
  await page.goto('/');
  const doubled = await page.evaluate(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    if (adapter === null) return 'no adapter';
    const device = await adapter.requestDevice();
    const code = `
      @group(0) @binding(0) var<storage, read_write> values: array<f32>;
      @compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) { values[id.x] *= 2; }`;
    const pipeline = await device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }) },
    });
    const values = device.createBuffer({
      size: 16,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(values, 0, new Float32Array([1, 2, 3, 4]));
    const staging = device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: { buffer: values } }],
      }),
    );
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(values, 0, staging, 0, 16);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    return [...new Float32Array(staging.getMappedRange())];
  });
  expect(doubled).toEqual([2, 4, 6, 8]);
});
