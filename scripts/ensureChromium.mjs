// Finds the browser that the tests drive, and whose SwiftShader serves as their GPU; installs it where it is missing.
import { spawnSync } from 'node:child_process';
import { findChromium } from './findChromium.mjs';

/**
 * Runs a command with its output shown; true if it succeeded.
 * @param {string} command
 * @param {string[]} args
 */
function succeeds(command, args) {
  process.stdout.write(`$ ${command} ${args.join(' ')}\n`);
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}

/**
 * Path of a Chromium executable. Throws, saying what to do, if none is there and none could be installed.
 * @returns {string}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  process.stdout.write('No Chromium or Chrome found; installing one.\n');

  const isRoot = process.getuid?.() === 0;
  if (isRoot && process.platform === 'linux' && succeeds('apt-get', ['update', '-qq'])) {
    succeeds('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
  }
  if (findChromium() === undefined) {
    succeeds('npx', ['playwright', 'install', '--no-shell', ...(isRoot ? ['--with-deps'] : []), 'chromium']);
  }

  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    'The tests need Chromium or Chrome, and none could be installed. ' +
      'Install one, or set CHROMIUM to the path of its executable, and run them again.',
  );
}
