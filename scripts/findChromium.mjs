// Finds an installed Chromium or Chrome: CHROMIUM if set, Playwright's own download, then the usual places.
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const USUAL_PLACES = {
  linux: [
    '/usr/lib/chromium/chromium',
    '/usr/lib/chromium-browser/chromium-browser',
    '/opt/google/chrome/chrome',
    '/usr/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/**
 * Path of a Chromium executable, or undefined if none is installed.
 * @returns {string | undefined}
 */
export function findChromium() {
  const places = USUAL_PLACES[/** @type {keyof typeof USUAL_PLACES} */ (process.platform)] ?? [];
  const candidates = [process.env.CHROMIUM, chromium.executablePath(), ...places];
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}
