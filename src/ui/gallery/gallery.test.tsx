// @vitest-environment happy-dom

import { readFileSync } from 'node:fs';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { useComparison } from '../../state/page/comparison';
import { leaveRun, useRun } from '../../state/page/run';
import { runRecord } from '../../testing/madeUpRun';
import { openPage } from '../../testing/openPage';
import { loadTexts } from '../i18n';
import GalleryScreen from './GalleryScreen';

/** As the page's own server has them. */
beforeEach(() => {
  leaveRun();
  location.hash = '#gallery';
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  vi.stubGlobal('fetch', async (path: string) => new Response(readFileSync(`public${path}`)));
});

async function open() {
  const page = await openPage();
  await loadTexts('yours');
  render(<GalleryScreen />);
  return page;
}

it('a recording is played on Train, to its end', async () => {
  await open();
  fireEvent.click(screen.getByRole('button', { name: 'Play it: A collapse and its alarm' }));
  await waitFor(() => expect(location.hash).toBe('#train'));
  expect(useRun.getState()).toMatchObject({ origin: 'recorded', phase: 'failed', problem: { code: 'wrecked_run' } });
});

it('two runs are laid over one another on Compare', async () => {
  await open();
  fireEvent.click(screen.getByRole('button', { name: 'Lay them side by side: Dr. GRPO beside GRPO' }));
  await waitFor(() => expect(location.hash).toBe('#compare'));
  const { chosen, read } = useComparison.getState();
  expect(chosen.map((id) => read.get(id ?? '')?.run.settings.preset)).toEqual(['R1-Zero', 'Dr. GRPO']);
});

it('nothing is played in the place of a run that trains', async () => {
  const page = await open();
  await page.emit({ type: 'runChanged', run: runRecord() });
  for (const button of screen.getAllByRole('button', { name: /^Play it/ }))
    expect(button).toHaveProperty('disabled', true);
  expect(screen.getByText(/A run trains here/)).toBeDefined();
});
