// Checks the arrows between the layers: imports by dependency-cruiser, and Vite's globs, which it cannot see, here.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const cruise = spawnSync('npx', ['depcruise', 'src', '--config', '.dependency-cruiser.mjs'], { stdio: 'inherit' });

const strays = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => join('src', path))
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith(join('src', 'kernels')))
  .filter((path) => /import\.meta\.glob[^;]*shaders\//.test(readFileSync(path, 'utf8')));
for (const path of strays) process.stdout.write(`error shaders-only-from-kernels: ${path} globs shaders/\n`);

process.exit(cruise.status !== 0 || strays.length > 0 ? 1 : 0);
