// Installs packages of Debian where this process may.
import { spawnSync } from 'node:child_process';

/**
 * Runs a command with its output shown; true if it succeeded.
 * @param {string} command
 * @param {string[]} args
 */
export function succeeds(command, args) {
  process.stdout.write(`$ ${command} ${args.join(' ')}\n`);
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

export const isRoot = () => process.getuid?.() === 0;

/**
 * True if it was installed.
 * @param {string} name
 */
export function installDebianPackage(name) {
  return (
    isRoot() &&
    process.platform === 'linux' &&
    succeeds('apt-get', ['update', '-qq']) &&
    succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name])
  );
}
