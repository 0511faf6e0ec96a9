// R1's stages with the real engine: run, stopped in the middle, gone on with after a reload, and its last model asked.
import { expect, type Page, test } from '@playwright/test';
import { ask, button, completion, open } from './person';

const status = (page: Page) => page.getByTestId('pipeline-status');

test('R1 in its mini form is stopped, outlives a reload, visibly learns, and its last checkpoint answers', async ({
  page,
}) => {
  await open(page, 'ask');
  await page.getByRole('link', { name: 'Stages' }).click();
  // A device in software is offered the mini form.
  await expect(page.getByRole('switch', { name: 'mini form' })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'R1', exact: true })).toBeChecked();
  await button(page, 'Run').click();
  const cold = page.getByTestId('stage-cold-start');
  await expect(page.getByTestId('stage-base')).toContainText('Right', { timeout: 240_000 });
  await expect(status(page)).toHaveText(/Working on (cold-start|reasoning-rl)/);
  await button(page, 'Stop').click();
  await expect(status(page)).toHaveText('stopped', { timeout: 120_000 });
  const done = await page.getByTestId('pipeline-done').textContent();
  expect(done).toMatch(/^[1-4] of 6 done$/);

  await page.reload();
  await expect(page.getByTestId('pipeline-done')).toHaveText(done ?? '');
  await button(page, 'Go on').click();
  await expect(status(page)).toHaveText('finished', { timeout: 400_000 });
  await expect(page.getByTestId('checkpoint-table').first().getByRole('row')).toHaveCount(7);
  const story = /^base answered (\d+)% right; final-rl answers (\d+)%\.$/;
  await expect(page.getByTestId('pipeline-story')).toHaveText(story);
  const [, before, after] = story.exec((await page.getByTestId('pipeline-story').textContent()) ?? '') ?? [];
  expect(Number(after)).toBeGreaterThan(Number(before) + 30);
  await cold.getByRole('button', { name: /^cold-start/ }).click();
  await expect(cold.getByRole('slider', { name: 'loss', exact: true })).toBeVisible();
  await expect(page.getByTestId('stage-verified')).toContainText(/[\d,]+ of 256 answers/);

  const final = page.getByTestId('stage-final-rl');
  await final.getByRole('button', { name: /^final-rl/ }).click();
  await final.getByRole('button', { name: 'Ask this model' }).click();
  await expect(page.getByTestId('model-status')).toContainText('r1-mini/final-rl');
  await ask(page, '3+4-2+5=?');
  expect((await completion(page)).length).toBeGreaterThan(0);

  // It is there for the next visit, too, as a folder to take away.
  await page.goto('/#stages');
  const download = page.waitForEvent('download');
  await final.getByRole('button', { name: /^final-rl/ }).click();
  await final.getByRole('button', { name: 'Download as a zip' }).click();
  expect((await download).suggestedFilename()).toBe('r1-mini-final-rl.zip');
});
