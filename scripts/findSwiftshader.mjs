// Finds what Dawn in Node needs on Linux: a Vulkan driver and the Vulkan loader. A real GPU's own driver comes first; else
// SwiftShader, the software driver that Chromium brings along. Elsewhere (Metal, Direct3D) nothing is needed.
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './findChromium.mjs';

const ICD_NAME = 'vk_swiftshader_icd.json';
const LOADER_NAME = 'libvulkan.so.1';
const LOADER_LINK_FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.cache/vulkan-loader');

/**
 * Path of SwiftShader's driver manifest beside an installed Chromium, or undefined.
 * @returns {string | undefined}
 */
export function findSwiftshader() {
  const chromium = findChromium();
  const folders = [
    ...(chromium === undefined ? [] : [dirname(chromium)]),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    '/opt/google/chrome-unstable',
  ];
  return folders.map((folder) => join(folder, ICD_NAME)).find((path) => existsSync(path));
}

/** Whether the machine has a GPU device and a Vulkan driver installed for it. */
function hasRealGpu() {
  const hasDevice =
    existsSync('/dev/nvidiactl') ||
    existsSync('/dev/dxg') ||
    (existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD')));
  const manifests = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
  return hasDevice && manifests.some((folder) => existsSync(folder) && readdirSync(folder).length > 0);
}

/** Whether the dynamic linker finds the Vulkan loader by itself. */
function hasVulkanLoader() {
  const folders = [
    '/lib',
    '/usr/lib',
    '/usr/local/lib',
    `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
    '/usr/lib64',
  ];
  return folders.some((folder) => existsSync(join(folder, LOADER_NAME)));
}

/**
 * A folder that holds the loader of the browser and nothing else: the browser's own folder would bring its GL libraries too.
 * @param {string} loader path of libvulkan.so.1
 */
function linkLoader(loader) {
  mkdirSync(LOADER_LINK_FOLDER, { recursive: true });
  const link = join(LOADER_LINK_FOLDER, LOADER_NAME);
  if (existsSync(link)) return LOADER_LINK_FOLDER;
  rmSync(link, { force: true });
  try {
    symlinkSync(loader, link);
  } catch (error) {
    // Another process may have made the same link a moment ago.
    if (!existsSync(link)) throw error;
  }
  return LOADER_LINK_FOLDER;
}

/**
 * The environment variables to add, before the process starts, so that Dawn finds an adapter. VK_ICD_FILENAMES is left as it
 * is when set. Empty when nothing is needed or nothing was found.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Record<string, string>}
 */
export function webgpuEnvironment(env = process.env) {
  if (process.platform !== 'linux') return {};
  /** @type {Record<string, string>} */
  const added = {};
  const swiftshader = findSwiftshader();
  if (!env.VK_ICD_FILENAMES && !hasRealGpu() && swiftshader !== undefined) added.VK_ICD_FILENAMES = swiftshader;
  if (!hasVulkanLoader() && swiftshader !== undefined) {
    const loader = join(dirname(swiftshader), LOADER_NAME);
    const present = env.LD_LIBRARY_PATH?.split(':').some((folder) => existsSync(join(folder, LOADER_NAME))) ?? false;
    if (!present && existsSync(loader)) {
      added.LD_LIBRARY_PATH = [linkLoader(loader), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
    }
  }
  return added;
}
