// What a training elsewhere left behind, dropped in and chosen; read as the real engine reads it, in the made-up one.
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { trainTo, watchConsole } from './person';
import { runRecording } from './recordings';

const FIXTURES = join(import.meta.dirname, '..', 'src', 'testing', 'fixtures', 'elsewhere', 'trl');

/** Drops a file with this text on the screen. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], fileName));
      return data;
    },
    [name, text] as const,
  );
  await page.getByRole('heading', { name: 'Results made elsewhere' }).dispatchEvent('drop', { dataTransfer: transfer });
}

test('a TRL result is dropped on Compare and lies beside a run; its answers are looked at on Train', async ({
  page,
}) => {
  const complaints = watchConsole(page);
  await page.route('**/recorded/run.json', (route) => route.fulfill({ json: runRecording }));
  await page.goto(`${FAST}#train`);
  await trainTo(page, 3);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByRole('checkbox', { name: /^calm-otter-1 / }).check();

  const log = [1, 2, 3].map((step) => ({ step, reward: step / 2, loss: 0.1, 'my/own': step, beta: Number.NaN }));
  await drop(page, 'trainer_state.json', JSON.stringify({ log_history: log, max_steps: 3 }).replaceAll('null', 'NaN'));
  await expect(page.getByText('One run was kept.')).toBeVisible();
  const reward = page.getByRole('list', { name: 'reward', exact: true });
  await expect(reward.getByRole('listitem')).toHaveCount(2);
  await expect(reward.getByRole('listitem').last()).toContainText('0.500 → 1.50');
  await page.getByRole('button', { name: /^Show \d+ other metrics/ }).click();
  await expect(page.getByRole('list', { name: 'my/own' }).getByRole('listitem').last()).toContainText('1.00 → 3.00');
  await expect(page.getByText(/only what the files say is compared/)).toBeVisible();
  await expect(page.getByRole('row', { name: /^max_steps/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^seed/ })).toBeHidden();

  await drop(page, 'trainer_state.json', JSON.stringify({ log_history: log }).slice(0, -9));
  await expect(page.getByRole('alert')).toContainText('These results cannot be read. Nothing was kept.');

  const names = ['checkpoint-4/trainer_state.json', 'completions/completions_00002.parquet'];
  await page.getByLabel('Open files').setInputFiles(names.map((name) => join(FIXTURES, name)));
  await expect(page.getByRole('alert')).toBeHidden();
  await expect(page.getByText('Made by TRL.')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await page
    .getByRole('button', { name: /^Open trainer_state/ })
    .first()
    .click();
  await expect(page.getByText('It can be looked at and compared, not gone on with')).toBeVisible();
  await page.getByRole('slider', { name: 'Step to look at' }).fill('2');
  const group = page.getByTestId('rollout-group');
  await expect(group).toContainText('2 + 1 = ?');
  await expect(group.getByRole('listitem').first()).toContainText('33 characters');
  await expect(group.getByRole('button', { name: 'formula' })).toHaveCount(0);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});
