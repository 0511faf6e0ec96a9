// The reader's own reward with the real engine: written, tried, trained with, and failing on some answers while the run goes on.
import { expect, test } from '@playwright/test';
import { button, metric, open, set, useTinySettings } from './person';

const STEP_LIMIT_MS = 300_000;
const QUESTIONS = 8;
const CODE = `function reward(sample) {
  if (Number(sample.question[0]) % 2 === 0) throw new Error('an even start');
  return sample.correct ? 1 : 0;
}`;

test('a reward that throws on some answers is shown with its errors, and the run goes on without their groups', async ({
  page,
}) => {
  await open(page, 'train');
  await useTinySettings(page, { steps: 2, questions: QUESTIONS });
  await set(page, 'Held-out problems', 8);
  await button(page, 'Write your own reward').click();
  const code = page.getByTestId('reward-code').getByRole('textbox');
  await code.press('Control+A');
  await code.pressSequentially(CODE);
  await button(page, /^Try it on/).click();
  const scores = page.getByRole('list', { name: 'Scores' }).getByRole('listitem');
  const odd = scores.filter({ hasText: /^[13579]/ });
  const even = scores.filter({ hasText: /^[2468]/ });
  await expect(odd.first()).toContainText(/[01]$/);
  await expect(even.filter({ hasText: 'an even start (line 2)' })).toHaveCount(await even.count());
  await button(page, 'Use this reward').click();

  await button(page, 'Start training').click();
  await expect(page.getByTestId('phase')).toHaveText('Finished', { timeout: STEP_LIMIT_MS });
  await expect(page.getByTestId('step')).toHaveText('step 2 of 2');
  let numFailed = 0;
  for (let question = 1; question <= QUESTIONS; question++) {
    const group = page.getByTestId('rollout-group');
    const isEven = /^[02468]/.test((await group.getByRole('heading').textContent()) ?? '');
    await expect(group.getByText('left out', { exact: true })).toHaveCount(isEven ? 1 : 0);
    await expect(group.getByRole('listitem').filter({ hasText: 'an even start (line 2)' })).toHaveCount(isEven ? 8 : 0);
    numFailed += isEven ? 8 : 0;
    if (question < QUESTIONS) await button(page, 'Next question').click();
  }
  expect(numFailed).toBeGreaterThan(0);
  expect(numFailed).toBeLessThan(8 * QUESTIONS);
  await button(page, 'All metrics').click();
  await button(page, 'View as table').click();
  expect((await metric(page, 'rewards/custom/errors')).at(-1)).toBe(numFailed);
  expect(await metric(page, 'rewards/custom/mean')).toHaveLength(2);
});
