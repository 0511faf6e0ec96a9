import type { Catalogue } from '../en';

export const noDevice: Catalogue['noDevice'] = {
  title: '这里无法计算',
  body:
    'Soliloquy 在你自己的处理器上以 WebAssembly SIMD 计算，或通过 WebGPU 在图形处理器上计算。' +
    '这个浏览器两者都没有提供。请使用新版 Chrome、Edge、Firefox 或 Safari。',
  recordings: '在此之前，这里播放同一个模型的录制内容。',
  noGpu: '浏览器没有给这个页面 GPU',
  noGpuBody: '你选择了在图形处理器上计算。处理器也能做同样的事。',
  useCpu: '在处理器上计算',
  retry: '重试',
  detail: '浏览器的说明',
};
