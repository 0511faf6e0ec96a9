import type { Catalogue } from '../en';

export const gpuAdvice: Catalogue['gpuAdvice'] = {
  chrome: 'Chrome 或 Edge：使用 113 或更新版本，并在设置的“系统”中打开图形加速。',
  linux: 'Linux 上的 Chrome：打开 chrome://flags/#enable-unsafe-webgpu，启用后重启浏览器。',
  firefox: 'Firefox：Windows 上使用 141 或更新版本，Apple 芯片的 Mac 上使用 145 或更新版本；其他系统请先用 Chrome。',
  safari: 'Safari：使用 26 或更新版本（macOS Tahoe、iOS 26）。旧系统请用 Chrome。',
  android: 'Android：在 Android 12 或更新系统上使用 Chrome 121 或更新版本。',
  other: '请使用最新的 Chrome 或 Edge。',
  insecure: '这个页面不是通过 https 打开的，浏览器只向安全页面提供 WebGPU。请用 https 或 localhost 打开。',
};
