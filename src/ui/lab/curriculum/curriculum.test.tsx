// @vitest-environment happy-dom

import { act, render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { FrontierPoint } from '../../../protocol/laboratory';
import { openPage } from '../../../testing/openPage';
import { deferred, ok, refused } from '../../../testing/stubEngine';
import CurriculumScreen from './CurriculumScreen';

const press = (name: string) => act(async () => screen.getByRole('button', { name }).click());

const pointAt = (step: number, frontier: number): FrontierPoint => ({
  step,
  frontier: { frontier, bySize: [] },
  largestKept: undefined,
});

it('what the model asks, what it makes of it and how far it comes is shown as it is told', async () => {
  const end = deferred<ReturnType<typeof ok<null>>>();
  let stops = 0;
  const page = await openPage({
    growCurriculum: () => end.promise,
    stopCurriculum: async () => void stops++,
  });
  render(<CurriculumScreen />);
  await press('Let it teach itself');
  await page.emit({ type: 'curriculumStepped', step: 40, total: 300, asked: undefined });
  expect(screen.getByRole('status').textContent).toBe('Shown the smallest problems: 40 of 300');
  await page.emit(
    { type: 'curriculumMeasured', point: pointAt(0, 3) },
    {
      type: 'curriculumStepped',
      step: 10,
      total: 100,
      asked: [
        { question: '1+2=?', size: 2, share: 1, isLearnable: false },
        { question: '1+2+3+4=?', size: 4, share: 0.5, isLearnable: true },
        { question: '9-8+7-6+5=?', size: 5, share: 0, isLearnable: false },
      ],
    },
    // A step in which nothing was well asked.
    { type: 'curriculumStepped', step: 11, total: 100, asked: [] },
    { type: 'curriculumMeasured', point: pointAt(20, 5) },
  );
  expect(screen.getByRole('status').textContent).toBe('Teaching itself: 11 of 100');
  const rows = within(screen.getByTestId('asked-problems')).getAllByRole('row').slice(1);
  expect(rows.map((row) => row.textContent)).toEqual([
    '9-8+7-6+5=?0%too hard',
    '1+2+3+4=?50%learned from',
    '1+2=?100%too easy',
  ]);
  expect(screen.getByTestId('live-frontier').textContent).toContain('step 0: 3; step 20: 5');
  await press('Stop');
  expect(stops).toBe(1);
  await page.emit({ type: 'curriculumEnded', isStopped: false });
  expect(screen.getByText(/^From 3 to 5/)).toBeTruthy();
  await act(async () => end.resolve(ok(null)));
});

it('why it could not begin is said', async () => {
  await openPage({ growCurriculum: async () => refused('curriculum') });
  render(<CurriculumScreen />);
  await press('Let it teach itself');
  expect(screen.getByRole('alert').textContent).toContain('No curriculum.');
  expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
});
