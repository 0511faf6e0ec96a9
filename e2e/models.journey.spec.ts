// Taking a model out of the page and bringing one in, with the real engine: whole, damaged, and of another family.
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { unzipSync, zipSync } from 'fflate';
import { ask, button, completion, open } from './person';

type Files = Record<string, Uint8Array>;

/** The loaded model as the page gives it to a person. */
async function download(page: Page): Promise<{ files: Files }> {
  const event = page.waitForEvent('download');
  await button(page, 'Download as a zip').click();
  const zip = new Uint8Array(await readFile(await (await event).path()));
  const entries = Object.entries(unzipSync(zip)).map(([path, bytes]) => [path.replace(/^.*\//, ''), bytes] as const);
  return { files: Object.fromEntries(entries) };
}

async function load(page: Page, name: string, zip: Uint8Array): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button(page, 'Choose a zip').click();
  await (await chooser).setFiles({ name, mimeType: 'application/zip', buffer: Buffer.from(zip) });
}

/** Bytes with some text among them changed; the same number of them, if the text is as long. */
const edit = (bytes: Uint8Array | undefined, from: string | RegExp, to: string) =>
  new Uint8Array(
    Buffer.from(
      Buffer.from(bytes ?? [])
        .toString('latin1')
        .replace(from, to),
      'latin1',
    ),
  );

/** As large as a tokenizer in use, and as easily packed: an inflater that wants a thread of its own would take one. */
const padded = (json: Uint8Array | undefined) =>
  Buffer.concat([
    json ?? Buffer.from(''),
    ...Array.from({ length: 15_000 }, (_, i) => Buffer.from(`\n${' '.repeat(i % 97)}`)),
  ]);

test('the model that was downloaded loads again and answers the same', async ({ page }) => {
  await open(page, 'ask');
  await ask(page, '9-8+3-7=?');
  const answer = await completion(page);
  await page.getByRole('link', { name: 'Models' }).click();
  const { files } = await download(page);
  await load(page, 'mine.zip', zipSync({ ...files, 'tokenizer.json': padded(files['tokenizer.json']) }));
  await expect(page.getByRole('heading', { name: 'mine', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await ask(page, '9-8+3-7=?');
  expect(await completion(page)).toEqual(answer);
});

test('a damaged folder is refused by what is wrong with it, and the loaded model stays usable', async ({ page }) => {
  await open(page, 'models');
  const { files } = await download(page);
  const { 'model.safetensors': weights = new Uint8Array(), ...others } = files;
  const damaged: readonly { name: string; files: Files; says: RegExp }[] = [
    { name: 'truncated', files: { ...files, 'model.safetensors': weights.subarray(0, 400_000) }, says: /safetensors/ },
    { name: 'missing', files: others, says: /model\.safetensors/ },
    {
      name: 'renamed',
      files: { ...files, 'model.safetensors': edit(weights, 'kv_a_layernorm', 'kv_a_layernrom') },
      says: /kv_a_layern/,
    },
    {
      name: 'family',
      files: { ...files, 'config.json': edit(files['config.json'], 'deepseek_v3', 'mamba2') },
      says: /mamba2/,
    },
    {
      name: 'shape',
      files: {
        ...files,
        'config.json': edit(files['config.json'], /"moe_intermediate_size": \d+/, '"moe_intermediate_size": 72'),
      },
      says: /experts.*72/,
    },
  ];
  for (const { name, files: broken, says } of damaged) {
    await load(page, `${name}.zip`, zipSync(broken, { level: 0 }));
    await expect(page.getByRole('alert'), name).toContainText(says);
    await expect(page.getByRole('heading', { name: 'r1', level: 1 }), name).toBeVisible();
  }
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await ask(page, '2+2+3-1=?');
  await completion(page);
});
