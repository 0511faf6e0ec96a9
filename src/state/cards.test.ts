import { expect, it, vi } from 'vitest';
import { CATALOGUE } from '../testing/madeUp';
import { CardStore } from './cards';

const card = (id: string) => `---\n---\n# ${id}`;

it('fetches each card once, and leaves out what is no card', async () => {
  const fetchFile = vi.fn(async (path: string) => {
    if (path.includes('r1-zero')) throw new TypeError('offline');
    if (path.includes('distilled')) return new Response('<!doctype html>');
    if (path.includes('models/r1/')) return new Response(card('r1'), { status: 404 });
    return new Response(card('base'));
  });
  const cards = new CardStore(fetchFile);
  await cards.fetchCards(CATALOGUE);
  expect(cards.useCards.getState()).toEqual({ base: card('base') });
  fetchFile.mockClear();
  await cards.fetchCards(CATALOGUE);
  expect(fetchFile.mock.calls.flat()).not.toContain('models/base/README.md');
});
