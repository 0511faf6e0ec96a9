// All WGSL text, by path relative to shaders/. The kernels' files are the only importers of shaders.

const files = import.meta.glob<string>('/shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });

export const shaderSources: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.replace('/shaders/', ''), text]),
);
