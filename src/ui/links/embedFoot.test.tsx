// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { openPage } from '../../testing/openPage';
import { CopyLink } from './CopyLink';
import EmbedFoot from './EmbedFoot';

it('links to other screens open the page itself, those of the panel stay in it', async () => {
  const open = vi.spyOn(window, 'open').mockReturnValue(null);
  vi.stubGlobal('open', open);
  await openPage();
  await act(async () => {
    render(
      <>
        <a href="#train">Teach it</a>
        <a href="#ask?q=1">Ask</a>
        <EmbedFoot screen="ask" />
      </>,
    );
  });
  expect(screen.getByRole('link', { name: 'Open in Soliloquy' }).getAttribute('target')).toBe('_blank');
  fireEvent.click(screen.getByText('Ask'));
  expect(open).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText('Teach it'));
  const { origin, pathname } = location;
  expect(open).toHaveBeenCalledExactlyOnceWith(`${origin}${pathname}#train`, '_blank', 'noopener');
});

it('the code to embed a panel is an iframe that shows it alone', async () => {
  const writeText = vi.fn(async (_: string) => {});
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  await openPage();
  render(<CopyLink hash={'#ask?q=1%2B2&seed=7"><script>'} title="" />);
  await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Copy embed code' })));
  const holder = document.createElement('div');
  holder.innerHTML = writeText.mock.lastCall?.[0] ?? '';
  const frame = holder.querySelector('iframe');
  expect(holder.children).toHaveLength(1);
  expect(frame?.getAttribute('src')).toMatch(/\?embed=ask#ask\?q=1%2B2&seed=7"><script>$/);
});
