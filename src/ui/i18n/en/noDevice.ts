export const noDevice = {
  title: 'Nothing here can compute',
  body:
    'Soliloquy computes on your own processor, in WebAssembly with SIMD, or on your graphics processor, through WebGPU. ' +
    'This browser gives the page neither. Use a current version of Chrome, Edge, Firefox or Safari.',
  recordings: 'Until then, recordings of the same model play here.',
  noGpu: 'Your browser gives this page no GPU',
  noGpuBody: 'You chose to compute on the graphics processor. The processor can do the same.',
  useCpu: 'Compute on the processor',
  retry: 'Try again',
  detail: 'What the browser said',
};
