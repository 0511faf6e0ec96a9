// Firefox, where the page finds no WebGPU: opened, asked and trained for three steps on the processor.
import { expect, test } from '@playwright/test';
import { findFirefox } from '../scripts/findFirefox.mjs';
import { Firefox } from './firefox';

const STEPS = 3;

test('Firefox opens the page, is answered, and trains three steps', async ({ baseURL }) => {
  const executable = findFirefox();
  test.skip(executable === undefined, 'no Firefox is installed; FIREFOX=/path/to/firefox names one');
  const firefox = await Firefox.launch(executable as string);
  try {
    await firefox.open(`${baseURL}/#ask`);
    await firefox.evaluate(() => {
      localStorage.setItem('soliloquy.preferences', JSON.stringify({ version: 2, pace: 'live' }));
    });
    await firefox.reload();
    await firefox.fill('textbox', 'Your question', '9-8+3-7=?');
    await expect.poll(() => firefox.text('[data-testid=verdict]')).toBeTruthy();
    expect(await firefox.text('[data-testid=answer]')).toMatch(/^[−\d]\d*$/);

    await firefox.click('link', 'Device');
    await expect.poll(() => firefox.text('main')).toContain('processor');

    await firefox.click('link', 'Train');
    await firefox.fill('textbox', 'Steps', String(STEPS));
    await firefox.click('button', 'Start training');
    await expect.poll(() => firefox.text('[data-testid=step]')).toContain(`step ${STEPS} of ${STEPS}`);
    await expect.poll(() => firefox.text('[data-testid=phase]')).toBe('Finished');
  } finally {
    await test.info().attach('the page at the end', { body: await firefox.screenshot(), contentType: 'image/png' });
    await firefox.close();
  }
});
