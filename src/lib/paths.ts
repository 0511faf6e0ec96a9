// Paths with slashes, as zips and dropped folders have them.

/** The last part of a path. */
export const fileNameOf = (path: string): string => path.split('/').pop() ?? path;

const depthOf = (path: string) => path.split('/').length;

/** The files that lie beside the shallowest config.json (else beside the shallowest file); hidden files are left out. */
export function folderOf<T extends { readonly path: string }>(entries: readonly T[]): T[] {
  const visible = entries.filter(
    ({ path }) => !path.endsWith('/') && !fileNameOf(path).startsWith('.') && !path.startsWith('__MACOSX'),
  );
  const configs = visible.filter(({ path }) => fileNameOf(path) === 'config.json');
  const candidates = configs.length > 0 ? configs : visible;
  const shallowest = candidates.reduce<T | undefined>(
    (best, entry) => (best === undefined || depthOf(entry.path) < depthOf(best.path) ? entry : best),
    undefined,
  );
  if (shallowest === undefined) return [];
  const folder = shallowest.path.slice(0, shallowest.path.length - fileNameOf(shallowest.path).length);
  return visible.filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/'));
}
