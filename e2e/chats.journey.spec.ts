// Learning from one's chats, with the real engine: nothing is kept, then five questions are, the model learns from its own
// thoughts, is measured before and after, answers, and all of it is deleted.
import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { expectAccessible } from './accessible';
import { ask, button, completion, open } from './person';

const QUESTIONS = ['9-8+3-7=?', '1+2+3+4=?', '5+4-3-2=?', '8-2+1+1=?', '7+1-6+2=?'];
const KEY = 'soliloquy.chats';

const kept = (page: Page) => page.getByTestId('chats').getByRole('listitem');
const stored = (page: Page) => page.evaluate((key) => localStorage.getItem(key), KEY);

test('what was asked is kept once that is wanted, learned from, and deleted', async ({ page }) => {
  await open(page, 'ask', 'cpu');
  await ask(page, '2+2+2+2=?');
  await completion(page);
  await page.goto('/?device=cpu#lab/chats');
  await expect(page.getByText('Nothing is kept yet.')).toBeVisible();
  expect(await stored(page)).toBeNull();

  await page.getByRole('switch', { name: 'Keep what I ask' }).click();
  await page.getByRole('link', { name: 'Ask', exact: true }).first().click();
  for (const question of QUESTIONS) {
    await ask(page, question);
    await completion(page);
  }
  await expect(page.getByTestId('kept-here')).toBeVisible();
  await page.getByRole('link', { name: 'Learn from what you asked' }).click();
  await expect(kept(page)).toHaveCount(QUESTIONS.length);
  await expect(page.getByTestId('chat-counts')).toContainText('5 thoughts are kept');
  await expectAccessible(page);

  await button(page, /^Teach r1 with/).click();
  const learned = page.getByTestId('learned');
  await expect(learned.getByText('After')).toBeVisible({ timeout: 120_000 });
  await expect(learned.getByText(/\d+% \(\d+% – \d+%\)/)).toHaveCount(2);
  await expectAccessible(page);
  await button(page, 'Ask the taught model').click();
  await expect(page.getByText('It is the model that answers now.')).toBeVisible();

  // The taught model is taught further: a model of the reader's own begins a pipeline, too.
  await button(page, /^Teach chats-.* with/).click();
  await expect(page.getByText('It is the model that answers now.')).toHaveCount(0);
  await expect(learned.getByText('After')).toBeVisible({ timeout: 120_000 });

  const saved = page.waitForEvent('download');
  await button(page, 'Save as JSONL').click();
  const file = await readFile(await (await saved).path(), 'utf8');
  expect(
    file
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { question: string }).question),
  ).toEqual(QUESTIONS);
  await button(page, 'Leave the questions out').click();
  expect(await stored(page)).not.toContain('=?');
  await button(page, 'Delete all').click();
  await button(page, /^Delete all \d/).click();
  await expect(kept(page)).toHaveCount(0);
  expect(await stored(page)).not.toContain('completion');

  await page.getByTestId('chats-file').setInputFiles({ name: 'chats.jsonl', mimeType: '', buffer: Buffer.from(file) });
  await expect(kept(page)).toHaveCount(QUESTIONS.length);
});
