// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AskRequest, EngineApi, EngineEvent } from '../../protocol/protocol';
import { preferences } from '../../state/page/preferences';
import { MODEL } from '../../testing/madeUp';
import { madeUpSummary, madeUpTokens } from '../../testing/madeUpAnswer';
import { openPage } from '../../testing/openPage';
import { ok, refused } from '../../testing/stubEngine';
import { AnswerPane } from './AnswerPane';
import { AskedQuestion } from './AskedQuestion';
import { AskFooter } from './AskFooter';
import { AskForm } from './AskForm';
import { ThinkingPane } from './ThinkingPane';

// Its program is still on the way.
vi.mock('./ThinkingSteps', () => new Promise(() => {}));

let askId = 0;
const ask = vi.fn<EngineApi['ask']>(async () => ok(++askId));
const stopAsk = vi.fn<EngineApi['stopAsk']>(async () => {});

/** Opens the page, with the box and the answer on it. */
async function openAsk(commands: Partial<EngineApi> = {}) {
  const page = await openPage({ loadModel: async () => ok(MODEL), ask, stopAsk, ...commands });
  await page.load();
  preferences.setPreferences({ pace: 'live' });
  render(
    <>
      <AskForm />
      <AskedQuestion />
      <ThinkingPane />
      <AnswerPane />
      <AskFooter />
    </>,
  );
  return page;
}

const box = () => screen.getByRole('textbox', { name: 'Your question' });
const button = (name: string) => screen.getByRole('button', { name });

async function submit(question: string): Promise<AskRequest | undefined> {
  fireEvent.change(box(), { target: { value: question } });
  fireEvent.click(button('Ask'));
  await waitFor(() => expect(ask).toHaveBeenCalled());
  return ask.mock.lastCall?.[0];
}

const END: Pick<Extract<EngineEvent, { type: 'askFinished' }>, 'summary' | 'expertLoad'> = {
  summary: { prefill: { tokens: 8, ms: 1 }, decode: { tokens: 9, ms: 9 } },
  expertLoad: [],
};

function answerTo(request: AskRequest, found = '1'): EngineEvent[] {
  const tokens = madeUpTokens(request, 0);
  const summary = madeUpSummary(request, tokens, false, 1);
  const verdict = { correct: found === '1', expected: '1', found };
  return [
    { type: 'askStarted', askId, numPromptTokens: 3 },
    { type: 'tokensStreamed', askId, sample: 0, tokens, elapsedMs: 9 },
    { type: 'answerEnded', askId, sample: 0, summary: { ...summary, answer: found, verdict } },
    { type: 'askFinished', askId, ...END },
  ];
}

beforeEach(() => {
  ask.mockClear();
  stopAsk.mockClear();
});

describe('asking', () => {
  it('sends what is typed, and shows the answer with its verdict', async () => {
    const page = await openAsk();
    const request = await submit('5-4');
    expect(request?.question).toBe('5-4');
    if (request) await page.emit(...answerTo(request));
    expect(screen.getByTestId('answer').textContent).toContain('1');
    expect(screen.getByTestId('verdict').textContent).toContain('Correct.');
    expect(button('Ask')).toBeDefined();
  });

  it('names the place of the steps also while their program is on the way', async () => {
    const page = await openAsk();
    const request = await submit('5-4');
    if (request) await page.emit(...answerTo(request));
    const controls = screen.getByRole('button', { name: /^Thought for/ }).getAttribute('aria-controls');
    expect(document.getElementById(controls ?? '')).not.toBeNull();
  });

  it('can be stopped until the answer is there', async () => {
    const page = await openAsk();
    const request = await submit('5-4');
    fireEvent.click(button('Stop'));
    expect(stopAsk).toHaveBeenCalledTimes(1);
    expect(button('Stopping…')).toHaveProperty('disabled', true);
    if (request) await page.emit(...answerTo(request));
    expect(button('Ask')).toHaveProperty('disabled', false);
  });

  it('is asked again with the next seed, which is shown beside the question', async () => {
    const page = await openAsk();
    const request = await submit('5-4');
    if (request) await page.emit(...answerTo(request));
    expect(screen.getByText(`seed ${request?.seed}`)).toBeDefined();
    fireEvent.click(screen.getByRole('button', { name: /^Again/ }));
    await waitFor(() => expect(ask).toHaveBeenCalledTimes(2));
    expect(ask.mock.lastCall?.[0]).toEqual({ ...request, seed: 1 + (request?.seed ?? 0) });
    expect(screen.getByText(`seed ${ask.mock.lastCall?.[0].seed}`)).toBeDefined();
  });

  it('says of a wrong answer what would have been right', async () => {
    const page = await openAsk();
    const request = await submit('5-4');
    if (request) await page.emit(...answerTo(request, '2'));
    expect(screen.getByTestId('verdict').textContent).toMatch(/Wrong.*1/);
  });

  it('shows why a question is refused, and takes the next one', async () => {
    ask.mockResolvedValueOnce(refused('letters'));
    await openAsk();
    await submit('what');
    expect((await screen.findByRole('alert')).textContent).toContain('No letters.');
    await submit('5-4');
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('says of the answer that stays under a refused question whose it is', async () => {
    const page = await openAsk();
    const request = await submit('5-4');
    if (request) await page.emit(...answerTo(request, '2'));
    expect(screen.queryByText(/of the question before/)).toBeNull();
    ask.mockResolvedValueOnce(refused('letters'));
    await submit('what');
    expect(await screen.findByText(/of the question before/)).toBeDefined();
    expect(screen.getByTestId('verdict')).toBeDefined();
  });

  it('asks nothing while a setting shows what it cannot take, and brings the reader to it', async () => {
    await openAsk();
    fireEvent.click(screen.getByText('Sampling and thinking'));
    const temperature = screen.getByRole('textbox', { name: 'Temperature' });
    fireEvent.change(temperature, { target: { value: '9' } });
    fireEvent.change(box(), { target: { value: '5-4' } });
    fireEvent.click(button('Ask'));
    expect(ask).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(temperature);
    fireEvent.change(temperature, { target: { value: '0.5' } });
    fireEvent.blur(temperature);
    expect(await submit('5-4')).toMatchObject({ temperature: 0.5 });
  });

  it('offers examples of what the model knows, which are asked at a click', async () => {
    await openAsk();
    await waitFor(() => expect(screen.getByText('Try')).toBeDefined());
    const example = screen.getByText('Try').nextElementSibling as HTMLButtonElement;
    fireEvent.click(example);
    await waitFor(() => expect(ask).toHaveBeenCalledTimes(1));
    expect(box()).toHaveProperty('value', ask.mock.lastCall?.[0].question);
  });
});
