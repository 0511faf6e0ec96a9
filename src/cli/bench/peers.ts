// The engines to compare with. They are installed apart, in bench/, and each has a script there that runs it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../command';

interface Peer {
  /** In bench/peers. */
  readonly script: string;
  /** Without which it is not installed. */
  readonly npmPackage: string;
}

const PEERS: Readonly<Record<string, Peer>> = {
  'jax-js': { script: 'jaxJs.mjs', npmPackage: '@jax-js/jax' },
  tfjs: { script: 'tfjs.mjs', npmPackage: '@tensorflow/tfjs-backend-webgpu' },
  'webgpu-llm': { script: 'webgpuLlm.mjs', npmPackage: 'webgpu-llm' },
};

export const PEER_NAMES: readonly string[] = Object.keys(PEERS);

/** The project's bench/, seen from where the command was called, and from the program; absent where only the program is. */
export function benchFolder(): string | undefined {
  const program = dirname(fileURLToPath(import.meta.url));
  return [process.cwd(), join(program, '..')]
    .map((root) => join(root, 'bench'))
    .find((folder) => existsSync(join(folder, 'peers')));
}

export function isInstalled(folder: string, name: string): boolean {
  return existsSync(join(folder, 'node_modules', (PEERS[name] as Peer).npmPackage));
}

/** Installs all peers. Throws UsageError where npm cannot. */
export function installPeers(folder: string): void {
  const { status, error } = spawnSync('npm', ['install', '--prefix', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status === 0) return;
  const cause = error?.message ?? `npm ended with ${status}`;
  throw new UsageError(
    `The peers could not be installed (${cause}).`,
    'Run npm install --prefix bench, or leave them out with --peers none.',
  );
}

/** The script that runs a peer. */
export function peerScript(folder: string, name: string): string {
  return join(folder, 'peers', (PEERS[name] as Peer).script);
}
