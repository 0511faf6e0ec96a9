// Finds the browser that the tests drive, and whose SwiftShader serves as their GPU; installs it where it is missing.
import { installDebianPackage, isRoot, succeeds } from './debianPackage.mjs';
import { findChromium } from './findChromium.mjs';

/**
 * Path of a Chromium executable. Throws, saying what to do, if none is there and none could be installed.
 * @returns {string}
 */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  process.stdout.write('No Chromium or Chrome found; installing one.\n');

  installDebianPackage('chromium');
  if (findChromium() === undefined) {
    succeeds('npx', ['playwright', 'install', '--no-shell', ...(isRoot() ? ['--with-deps'] : []), 'chromium']);
  }

  const installed = findChromium();
  if (installed !== undefined) return installed;
  throw new Error(
    'The tests need Chromium or Chrome, and none could be installed. ' +
      'Install one, or set CHROMIUM to the path of its executable, and run them again.',
  );
}
