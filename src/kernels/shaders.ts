// All WGSL text. The kernels' files are the only importers of shaders.

const files = import.meta.glob<string>('/shaders/**/*.wgsl', { query: '?raw', import: 'default', eager: true });

/** By file name, whatever the folder; a file of `lib/` with its folder, as it is imported. Throws where two have one name. */
function byName(paths: Readonly<Record<string, string>>): Record<string, string> {
  const sources: Record<string, string> = {};
  for (const [path, text] of Object.entries(paths)) {
    const name = path.replace('/shaders/', '').replace(/^(?!lib\/).*\//, '');
    if (name in sources) throw new Error(`there are two shaders of the name '${name}'`);
    sources[name] = text;
  }
  return sources;
}

/** The one truth of the shaders' text: `rms_norm.wgsl` lies in shaders/norm/, `lib/rng.wgsl` in shaders/lib/. */
export const shaderSources: Readonly<Record<string, string>> = byName(files);
