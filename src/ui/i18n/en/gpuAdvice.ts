export const gpuAdvice = {
  chrome:
    'Chrome or Edge: use version 113 or newer, and check in the settings under System that graphics acceleration is on.',
  linux: 'Chrome on Linux: open chrome://flags/#enable-unsafe-webgpu, enable it, and restart the browser.',
  firefox:
    'Firefox: use version 141 or newer on Windows, 145 or newer on a Mac with Apple silicon; elsewhere use Chrome for now.',
  safari: 'Safari: use version 26 or newer (macOS Tahoe, iOS 26). On older systems use Chrome.',
  android: 'Android: use Chrome 121 or newer on Android 12 or newer.',
  other: 'Use a current Chrome or Edge.',
  insecure:
    'This page was not loaded over https, and browsers give WebGPU only to secure pages. Open it over https or from localhost.',
};
