// Finds an installed Firefox: FIREFOX if set, then the usual places.
import { existsSync } from 'node:fs';

const USUAL_PLACES = {
  linux: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
  darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
  win32: ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'],
};

/**
 * Path of a Firefox executable, or undefined if none is installed.
 * @returns {string | undefined}
 */
export function findFirefox() {
  const places = USUAL_PLACES[/** @type {keyof typeof USUAL_PLACES} */ (process.platform)] ?? [];
  return [process.env.FIREFOX, ...places].find((path) => path !== undefined && path !== '' && existsSync(path));
}
