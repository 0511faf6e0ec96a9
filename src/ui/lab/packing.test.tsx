// @vitest-environment happy-dom

import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { MODEL } from '../../testing/madeUp';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import CompressScreen from './compress/CompressScreen';
import ScalingScreen from './scaling/ScalingScreen';

beforeEach(() => void vi.stubGlobal('matchMedia', () => ({ matches: true })));

it('a text is packed beside gzip, unpacked and compared', async () => {
  const file = Uint8Array.of(1, 2, 3);
  const sent: string[] = [];
  const page = await openPage({
    loadModel: async () => ok(MODEL),
    packText: async (text) => {
      sent.push(text);
      return ok({ file, payloadBytes: 2 });
    },
    unpackText: async (given) => ok(given === file ? (sent[0] ?? '') : ''),
  });
  await page.load();
  render(<CompressScreen />);
  expect(screen.getAllByText(/after 400 steps 0.93 bits a byte/).length).toBeGreaterThan(0);
  fireEvent.click(screen.getByRole('button', { name: 'Take a held-out text' }));
  const field = screen.getByRole('textbox') as HTMLTextAreaElement;
  expect(field.value).toMatch(/<think>.*<\/answer>$/s);
  const pack = screen.getByRole('button', { name: /^Pack it by/ });
  fireEvent.click(pack);
  const sizes = await screen.findByTestId('sizes');
  expect(sizes.textContent).toContain('gzip');
  fireEvent.click(screen.getByRole('button', { name: 'Unpack it and compare' }));
  expect(await screen.findByText(/byte for byte/)).toBeDefined();
  fireEvent.change(field, { target: { value: 'x'.repeat(4001) } });
  expect(pack).toHaveProperty('disabled', true);
});

it('the recorded law stands beside the literature, with every run', async () => {
  await openPage();
  render(<ScalingScreen />);
  const law = screen.getAllByRole('table')[0] as HTMLElement;
  expect(law.textContent).toContain('0.895');
  expect(screen.getAllByRole('row').length).toBeGreaterThan(26);
});
