// Runs that stopped before their end: by a reload, a lost GPU, a full disk, or another tab; driven by the made-up engine.
import { expect } from '@playwright/test';
import { expectAccessible } from './accessible';
import { FAST, test } from './fakeEngine';
import { stepOf, trainTo, watchConsole } from './person';

test.describe('Train', () => {
  test('an interrupted run is offered on return and goes on where it was', async ({ page }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    const step = await stepOf(page);
    await page.reload();
    await expect(page.getByText(`It stopped at step ${step}, and is saved up to there.`)).toBeVisible();
    await page.getByRole('button', { name: 'Resume calm-otter-1' }).click();
    await expect.poll(() => stepOf(page)).toBeGreaterThan(step);
    await expect(page.getByRole('slider', { name: 'reward', exact: true })).toHaveAttribute('aria-valuemin', '1');
  });

  test('a lost GPU is said on every screen, and reconnecting brings the run back', async ({ page }) => {
    await page.goto(`${FAST}&lose=12#train`);
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByRole('alert')).toHaveText(/The GPU went away\..*Reconnect$/);
    await expect(page.getByTestId('phase')).toHaveText('Failed');
    await page.getByRole('link', { name: 'Ask' }).click();
    await expect(page.getByRole('alert')).toHaveCount(1);
    await page.getByRole('link', { name: 'Train', exact: true }).click();
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    await expect(page.getByTestId('step')).toHaveText('step 10 of 60');
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('a run that failed is offered after a reload, and from which step it goes on', async ({ page }) => {
    await page.goto(`${FAST}&lose=12#train`);
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Failed');
    await page.goto('about:blank');
    await page.goto(`${FAST}#train`);
    await expect(
      page.getByText('It stopped at step 12. Its last checkpoint is of step 10: 2 steps are trained again.'),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Resume calm-otter-1' }).click();
    await expect(page.getByTestId('step')).toHaveText('step 11 of 60');
  });

  test('on a full disk a run goes on and says what would be lost; a damaged checkpoint is told of', async ({
    page,
  }) => {
    await page.goto(`${FAST}&disk=full#train`);
    await trainTo(page, 11);
    await expect(page.getByRole('alert')).toContainText('There is no space left');
    await expect(page.getByRole('alert')).toContainText('loses what it learned since step 0');
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto('about:blank');
    await page.goto(`${FAST}&checkpoints=damaged#train`);
    await page.getByRole('button', { name: 'Resume calm-otter-1' }).click();
    await expect(page.getByRole('alert')).toContainText('Every checkpoint of this run is damaged');
  });

  test('a run that another tab has can be looked at, and is taken over once that tab is closed', async ({
    page,
    context,
  }) => {
    await page.goto(`${FAST}#train`);
    await trainTo(page, 3);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByTestId('phase')).toHaveText('Paused');
    const step = await stepOf(page);
    const other = await context.newPage();
    const complaints = watchConsole(other);
    await other.goto(`${FAST}#train`);
    await expect(other.getByText('open in another tab')).toBeVisible();
    await expect(other.getByRole('button', { name: 'Resume calm-otter-1' })).toHaveCount(0);
    await expect(other.getByRole('button', { name: 'Delete calm-otter-1' })).toBeDisabled();
    await other.getByRole('button', { name: 'Look calm-otter-1' }).click();
    const note = other.getByRole('alert');
    await expect(note).toContainText('Another tab of this browser has calm-otter-1.');
    await expect(other.getByTestId('value-reward')).toHaveText(/0\.\d+/);
    await expect(other.getByTestId('rollout-group').getByRole('listitem')).toHaveCount(8);
    await expect(other.getByRole('button', { name: 'Start training' })).toBeEnabled();
    await expectAccessible(other);
    const retry = other.getByRole('button', { name: 'Try to open it here' });
    await retry.click();
    await expect(retry).toBeEnabled();
    await expect(note).toBeVisible();

    await page.close();
    await retry.click();
    await expect(note).toHaveCount(0);
    await expect(other.getByTestId('step')).toHaveText(`step ${step} of 60`);
    await other.getByRole('button', { name: 'Resume', exact: true }).click();
    await expect.poll(() => stepOf(other)).toBeGreaterThan(step);
    expect(complaints).toEqual([]);
  });
});
