// A device on paper: buffers have a size and no memory, commands do nothing. What prepares a run on it writes into its ledger
// what the run will take, before there is any of it.

const nothing = () => {};

/** Stands for a GPUDevice with the limits and features of another, as far as allocating and compiling need one. */
export function paperGpu({ limits, features }: GPUDevice): GPUDevice {
  const pass = { setPipeline: nothing, setBindGroup: nothing, dispatchWorkgroups: nothing, end: nothing };
  const encoder = {
    beginComputePass: () => pass,
    copyBufferToBuffer: nothing,
    clearBuffer: nothing,
    finish: nothing,
  };
  const paper = {
    limits,
    features,
    lost: new Promise(nothing),
    queue: { writeBuffer: nothing, submit: nothing },
    addEventListener: nothing,
    pushErrorScope: nothing,
    popErrorScope: async () => null,
    createBuffer: ({ label, size }: GPUBufferDescriptor) => ({ label, size, destroy: nothing }),
    createQuerySet: () => ({ destroy: nothing }),
    createBindGroup: () => ({}),
    createCommandEncoder: () => encoder,
  };
  return paper as unknown as GPUDevice;
}

/** What a kernel compiles to on paper. */
export const paperPipeline = { getBindGroupLayout: nothing } as unknown as GPUComputePipeline;
