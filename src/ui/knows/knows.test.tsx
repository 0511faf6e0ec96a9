// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { EngineApi, KnowledgeMap } from '../../protocol/protocol';
import { useAsk, useQuestion } from '../../state/page/ask';
import { MODEL } from '../../testing/madeUp';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import KnowsScreen from './KnowsScreen';

const MAP: KnowledgeMap = {
  model: 'weights',
  name: 'base',
  device: 'the test',
  measuredAt: '2026-01-01T00:00:00Z',
  tasks: ['chained_sums', 'products'],
  cells: [{ task: 'chained_sums', row: 4, column: 1, right: 48, problems: 64 }],
};

beforeEach(() => {
  location.hash = '#knows';
  vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }));
});

async function open(commands: Partial<EngineApi> = {}) {
  const page = await openPage({
    loadModel: async () => ok(MODEL),
    knowledge: async () => ok(MAP),
    keptModels: async () => ok([]),
    listPipelines: async () => ok([]),
    measureKnowledge: async () => ok(MAP),
    stopKnowledge: async () => page.emit({ type: 'knowledgeEnded', model: 'weights', isStopped: true }),
    ...commands,
  });
  await page.load();
  render(<KnowsScreen />);
  await screen.findByTestId('map-chained_sums');
  return page;
}

it('every size has its share with its interval, and what was trained on is told from what was not', async () => {
  await open();
  const sums = within(screen.getByTestId('map-chained_sums'));
  const cell = sums.getByRole('button', { name: /Terms 4, .* 1: 75% \(.*\) of 64/ });
  expect(cell.textContent).toBe('75%');
  expect(cell.parentElement?.className).toContain('border-l-ink');
  fireEvent.click(cell);
  expect(screen.getByRole('status').textContent).toContain('Trained on such problems.');
  const unmeasured = sums.getByRole('button', { name: /Terms 12, .* 4: not measured yet/ });
  expect(unmeasured.parentElement?.className).not.toContain('-ink');
  fireEvent.click(unmeasured);
  expect(screen.getByRole('status').textContent).toContain('Beyond what it was trained on.');
  expect(screen.getByText(/It has no letters for: .*Word problems/)).toBeDefined();
});

it('it fills cell by cell while it is measured, and stops', async () => {
  const page = await open();
  fireEvent.click(screen.getByRole('button', { name: 'Go on measuring' }));
  await screen.findByText(/Measuring: 1 of 44 cells/);
  const cell = { task: 'products', row: 'any', column: 3, right: 0, problems: 64 };
  await page.emit({ type: 'knowledgeMeasured', model: 'weights', cell, measuredAt: '2026-01-02T00:00:00Z' });
  screen.getByText(/Measuring: 2 of 44 cells/);
  fireEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await screen.findByRole('button', { name: 'Go on measuring' });
});

it('one of its problems is asked on Ask', async () => {
  const asked = vi.fn(async () => ok(1));
  await open({ ask: asked });
  fireEvent.click(screen.getByRole('button', { name: /Terms 4, .* 1: 75%/ }));
  fireEvent.click(within(screen.getByRole('status')).getByRole('button', { name: 'Ask it' }));
  await waitFor(() => expect(asked).toHaveBeenCalled());
  expect(location.hash).toBe('#ask');
  expect(useQuestion.getState().text.match(/\d/g)).toHaveLength(4);
  expect(useAsk.getState().request?.question).toBe(useQuestion.getState().text);
});
