// @vitest-environment happy-dom

import { act, render, screen } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { openPage } from '../../testing/openPage';
import { loadTexts } from '../i18n';
import { EXPERIMENT_NAMES, findExperiment } from './experiments';
import LabScreen from './LabScreen';

beforeEach(async () => {
  location.hash = '#lab';
  await openPage();
  await loadTexts('lab');
});

it('there is a card for each experiment, which leads to it', () => {
  render(<LabScreen />);
  const links = screen.getAllByRole('link').map((link) => link.getAttribute('href'));
  expect(links).toHaveLength(EXPERIMENT_NAMES.length);
  expect(links).toContain('#gallery');
});

it('an address that names no experiment shows the list', async () => {
  await act(async () => {
    location.hash = '#lab/nothing-of-the-kind';
  });
  render(<LabScreen />);
  expect(findExperiment('nothing-of-the-kind')).toBeUndefined();
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Lab');
});
