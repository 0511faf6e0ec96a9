// @vitest-environment happy-dom

import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { openPage } from '../../testing/openPage';
import { loadTexts } from '../i18n';
import { Rounding } from './fp8/Rounding';

beforeEach(() => void vi.stubGlobal('matchMedia', () => ({ matches: true })));

it('a number is shown as E4M3 keeps it', async () => {
  await openPage();
  await loadTexts('fp8');
  render(<Rounding />);
  const field = screen.getByRole('textbox', { name: 'A number' });
  const told = (typed: string) => {
    fireEvent.change(field, { target: { value: typed } });
    return screen.getByRole('status').textContent;
  };
  expect(told('3.3')).toBe('It is kept as 3.25: 1.5% off.');
  expect(screen.getByText('1000').nextSibling ?? screen.getByText('101')).toBeTruthy();
  expect(told('-0.1')).toBe('It is kept as −0.101563: 1.6% off.');
  expect(told('1000')).toContain('is kept as 448: 55.2% off');
  expect(told('0')).toBe('It is kept as 0: 0% off.');
  fireEvent.change(field, { target: { value: 'x' } });
  expect(screen.getByText('That is no number. Write one such as 3.3.')).toBeDefined();
});
