// The engines to compare with. Those on npm are installed apart, in bench/; those in Python are the reader's own. Each has a
// script in bench/peers that runs it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceKind } from '../../device/contract';
import { UsageError } from '../command';
import type { PeerTaskKind } from './workload';

interface Peer {
  /** In bench/peers. */
  readonly script: string;
  /** On which of ours it is compared. */
  readonly devices: readonly DeviceKind[];
  /** What of ours it can do as well. */
  readonly kinds: readonly PeerTaskKind[];
  /** Without which it is not installed: packages in bench/, or a module of the Python that is named by PYTHON. */
  readonly needs: { readonly npm: readonly string[] } | { readonly python: string };
}

const PEERS: Readonly<Record<string, Peer>> = {
  'jax-js': {
    script: 'jaxJs.mjs',
    devices: ['gpu', 'cpu'],
    kinds: ['gemm', 'train', 'decode'],
    needs: { npm: ['@jax-js/jax'] },
  },
  tfjs: {
    script: 'tfjs.mjs',
    devices: ['gpu', 'cpu'],
    kinds: ['gemm', 'train', 'decode'],
    needs: { npm: ['@tensorflow/tfjs-backend-webgpu', '@tensorflow/tfjs-backend-wasm'] },
  },
  'webgpu-llm': {
    script: 'webgpuLlm.mjs',
    devices: ['gpu'],
    kinds: ['gemm', 'train', 'decode'],
    needs: { npm: ['webgpu-llm'] },
  },
  'onnxruntime-web': {
    script: 'onnxRuntime.mjs',
    devices: ['cpu'],
    kinds: ['gemm'],
    needs: { npm: ['onnxruntime-web'] },
  },
  torch: {
    script: 'torch.mjs',
    devices: ['gpu', 'cpu'],
    kinds: ['gemm', 'train', 'decode'],
    needs: { python: 'torch' },
  },
  'torch-128': {
    script: 'torch128.mjs',
    devices: ['gpu', 'cpu'],
    kinds: ['gemm', 'train', 'decode'],
    needs: { python: 'torch' },
  },
  trl: { script: 'trl.mjs', devices: ['gpu', 'cpu'], kinds: ['grpo'], needs: { python: 'trl' } },
};

export const PEER_NAMES: readonly string[] = Object.keys(PEERS);

const peer = (name: string) => PEERS[name] as Peer;

export const canCompare = (name: string, kind: PeerTaskKind): boolean => peer(name).kinds.includes(kind);

/** Those that compute on a device. */
export const peersOn = (device: DeviceKind): string[] =>
  PEER_NAMES.filter((name) => peer(name).devices.includes(device));

/** The project's bench/, seen from where the command was called, and from the program; absent where only the program is. */
export function benchFolder(): string | undefined {
  const program = dirname(fileURLToPath(import.meta.url));
  return [process.cwd(), join(program, '..')]
    .map((root) => join(root, 'bench'))
    .find((folder) => existsSync(join(folder, 'peers')));
}

const hasPythonModule = (name: string) =>
  spawnSync(
    process.env.PYTHON ?? 'python3',
    ['-c', 'import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)', name],
    { stdio: 'ignore' },
  ).status === 0;

export function isInstalled(folder: string, name: string): boolean {
  const { needs } = peer(name);
  if ('python' in needs) return hasPythonModule(needs.python);
  return needs.npm.every((npmPackage) => existsSync(join(folder, 'node_modules', npmPackage)));
}

/** Installs all peers of npm. Throws UsageError where npm cannot, or where one of the named is of Python. */
export function installPeers(folder: string, names: readonly string[]): void {
  const missing = names.find((name) => 'python' in peer(name).needs);
  if (missing !== undefined) {
    throw new UsageError(
      `The peer ${missing} is a module of Python that ${process.env.PYTHON ?? 'python3'} does not have.`,
      'Run pip install -r reference/python/requirements.txt, and name that Python by PYTHON.',
    );
  }
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
  return join(folder, 'peers', peer(name).script);
}
