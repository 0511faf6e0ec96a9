// The models that come with the page, and those that a reader brings; driven by the made-up engine.
import { expect } from '@playwright/test';
import { FAST, test } from './fakeEngine';
import { submit, trainTo } from './person';

test.describe('Models', () => {
  test('the model says what it is, and an answer shows which experts worked', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    await submit(page, '9-8+3-7');
    await expect(page.getByTestId('verdict')).toBeVisible();
    await page.getByRole('link', { name: 'Models' }).click();
    await expect(page.getByText('386,432')).toBeVisible();
    await expect(page.getByTestId('heat-map').getByRole('row')).toHaveCount(3);
    await expect(page.getByText('1 expert was not used: layer 2 expert 5.')).toBeVisible();
  });

  test('the shipped models stand side by side with what their cards say, and each can be loaded', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    const shipped = page.getByRole('region', { name: 'Models that come with the page' });
    await expect(shipped.getByRole('listitem')).toHaveCount(4);
    for (const model of await shipped.getByRole('listitem').all()) {
      await expect(model).toContainText(/\d+% \(\d+% – \d+%\) of 512 right/);
      await expect(model).toContainText(/\d+ tokens of thinking/);
    }
    await expect(shipped.getByRole('listitem').filter({ hasText: 'loaded' })).toContainText('r1');
    await page.getByRole('button', { name: 'Load distilled' }).click();
    await expect(page.getByRole('heading', { name: 'distilled', level: 1 })).toBeVisible();
    await expect(shipped.getByRole('listitem').filter({ hasText: 'loaded' })).toContainText('distilled');
  });

  test('the model is chosen on Ask, too, and opens next time', async ({ page }) => {
    await page.goto(`${FAST}#ask`);
    const choice = page.getByRole('combobox', { name: 'Model' });
    await expect(choice).toHaveValue('r1');
    await expect(page.getByText('It thinks in English.')).toBeVisible();
    await choice.selectOption('r1-zero');
    await expect(page.getByTestId('model-status')).toContainText('r1-zero');
    await page.reload();
    await expect(choice).toHaveValue('r1-zero');
  });

  test('a run starts from the first of them, whichever is looked at, unless it is said', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    const start = page.getByRole('combobox', { name: 'A new run starts from' });
    await expect(start.locator('option:checked')).toHaveText('base, as it came');
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('model-status')).toContainText('base · calm-otter-1');
    await page.reload();
    await start.selectOption('r1, as it came');
    await trainTo(page, 1);
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByTestId('model-status')).toContainText('r1 · calm-otter-2');
  });

  test('the model downloads as a zip', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as a zip' }).click();
    expect((await download).suggestedFilename()).toBe('r1.zip');
  });

  test('a folder without config.json is refused by name, and the loaded model stays', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    await expect(page.getByRole('heading', { name: 'r1', level: 1 })).toBeVisible();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a zip' }).click();
    await (await chooser).setFiles({
      name: 'model.safetensors',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('x'),
    });
    await expect(page.getByRole('alert')).toContainText('model.safetensors has no config.json.');
    await expect(page.getByRole('heading', { name: 'r1', level: 1 })).toBeVisible();
  });
});

test.describe('Another model', () => {
  test('leaves a paused run, which then is opened from the list, not resumed', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('button', { name: /^Load base/ }).click();
    await expect(page.getByTestId('model-status')).toContainText(/^base ·? ?386/);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Resume', exact: true })).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^Open calm-otter/ })).toBeVisible();
  });

  test('in a damaged zip is refused by what is wrong with the zip, in the reader’s language', async ({ page }) => {
    await page.goto(`${FAST}#models`);
    const choose = async (name: string) => {
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('button', { name }).click();
      await (await chooser).setFiles({ name: 'otter.zip', mimeType: 'application/zip', buffer: Buffer.from('PK no') });
    };
    await choose('Choose a zip');
    await expect(page.getByRole('alert')).toContainText('otter.zip is damaged, or is no zip.');
    await page.getByRole('button', { name: 'Language: 中文' }).click();
    await choose('选择 zip');
    await expect(page.getByRole('alert')).toContainText('otter.zip 已损坏');
  });
});
