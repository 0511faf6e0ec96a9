// @vitest-environment happy-dom

import { act, render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { AnswerSummary, ModelInfo } from '../../../protocol/protocol';
import { newNimGame } from '../../../state/nimGame';
import { useNimGame } from '../../../state/page/nimGame';
import { MODEL } from '../../../testing/madeUp';
import { openPage } from '../../../testing/openPage';
import { ok } from '../../../testing/stubEngine';
import NimScreen from './NimScreen';

const press = (name: string) => act(async () => screen.getByRole('button', { name }).click());

it('a model that has not learned Nim is not played against; both players can be made', async () => {
  let begun: string | undefined;
  const page = await openPage({
    listPipelines: async () => ok([]),
    loadModel: async () => ok(MODEL),
    runPipeline: async (name) => {
      begun = name;
      return { ok: false, error: { code: 'not_now', userMessage: 'Busy.', remedy: 'Wait.' } };
    },
  });
  await page.load();
  render(<NimScreen />);
  expect((screen.getByRole('button', { name: 'Take 2 from the heap of 13' }) as HTMLButtonElement).disabled).toBe(true);
  await press('Make both here');
  expect(begun).toBe('self-play-mini');
  expect(screen.getByRole('alert').textContent).toContain('Busy.');
});

it('a game is played to its end, each move with what it was worth, the model’s with its thinking', async () => {
  const model: ModelInfo = { ...MODEL, name: 'self-play-mini/player' };
  let askId = 0;
  const page = await openPage({
    listPipelines: async () => ok([]),
    loadModel: async () => ok(model),
    ask: async () => ok(++askId),
  });
  await page.load();
  useNimGame.setState(newNimGame([9], 'reader'));
  render(<NimScreen />);
  await press('Take 2 from the heap of 9');
  expect(screen.getByRole('status').textContent).toBe('The model thinks …');
  const summary = { answer: '7-3', thinking: '7-4=3 then 7-3=4' } as AnswerSummary;
  await page.emit({ type: 'answerEnded', askId, sample: 0, summary });
  const moves = within(screen.getByTestId('nim-moves')).getAllByRole('listitem');
  expect(moves[0]?.textContent).toContain('a winning move was there');
  for (const text of ['7-4=3 then 7-3=4', 'wins against perfect play', 'a move its teacher hardly made'])
    expect(moves[1]?.textContent).toContain(text);
  await press('Take 3 from the heap of 4');
  await page.emit({ type: 'answerEnded', askId, sample: 0, summary: { ...summary, answer: '1-1' } });
  expect(screen.getByRole('status').textContent).toBe('The model has won.');
});
