// @vitest-environment happy-dom
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { AskRequest } from '../../protocol/protocol';
import type { AskState } from '../../state/askReducer';
import { useAsk } from '../../state/page/ask';
import { useAsked } from '../../state/page/asked';
import { MODEL } from '../../testing/madeUp';
import { madeUpSummary, madeUpTokens } from '../../testing/madeUpAnswer';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import AskedBefore from './AskedBefore';

const REQUEST: AskRequest = {
  ...{ question: '9-8+3-7', seed: 7, temperature: 1, topP: 1, topK: 0, maxTokens: 96, samples: 1 },
  thinking: null,
};

/** A model's answer to the question, whole at once. */
function answer(name: string): void {
  const tokens = madeUpTokens(REQUEST, 0);
  const sample = { tokens, thinkingMs: 1, summary: madeUpSummary(REQUEST, tokens, false, 1), choices: undefined };
  const show = (phase: AskState['pane']['phase']) =>
    useAsk.setState(({ pane }) => ({
      ...{ origin: 'live', request: REQUEST, samples: [sample], answeredBy: { name } },
      pane: { ...pane, phase },
    }));
  act(() => {
    show('thinking');
    show('done');
  });
}

it('shows one question to two models side by side, lists both, and forgets what is no longer wanted', async () => {
  const { load } = await openPage({ loadModel: async () => ok(MODEL) });
  await load();
  render(<AskedBefore />);
  expect(screen.queryByTestId('asked-before')).toBeNull();
  answer('base');
  // Alone there is nothing to lay it beside, but another model to ask.
  expect(within(screen.getByTestId('side-by-side')).queryByRole('listitem')).toBeNull();
  answer('r1');
  const beside = within(screen.getByTestId('side-by-side')).getAllByRole('listitem');
  expect(beside.map((item) => item.textContent)).toEqual([
    expect.stringMatching(/^r1.*9 − 8 = 1.*right$/),
    expect.stringMatching(/^base.*9 − 8 = 1.*right$/),
  ]);
  const list = within(screen.getByTestId('asked-before'));
  const [again] = within(list.getByRole('list')).getAllByRole('link');
  expect(again?.getAttribute('href')).toMatch(/^#ask\?q=9-8%2B3-7&model=r1&.*seed=7/);
  fireEvent.click(list.getAllByRole('button', { name: 'Forget “9-8+3-7”' })[0] as HTMLElement);
  expect(useAsked.getState().asked.map(({ model }) => model)).toEqual(['base']);
  fireEvent.click(list.getByRole('button', { name: 'Forget all' }));
  expect(useAsked.getState().asked).toHaveLength(1);
  fireEvent.click(list.getByRole('button', { name: 'Forget it?' }));
  expect(useAsked.getState().asked).toEqual([]);
});
