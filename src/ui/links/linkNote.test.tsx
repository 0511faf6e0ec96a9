// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { grpoConfig } from '../../protocol/options';
import type { EngineApi } from '../../protocol/protocol';
import { readAddress } from '../../state/address';
import { defaultSettings } from '../../state/draft';
import { writeRunLink } from '../../state/links/runLink';
import { links } from '../../state/page/links';
import { preferences } from '../../state/page/preferences';
import { startRun } from '../../state/page/startRun';
import { CATALOGUE, MODEL } from '../../testing/madeUp';
import { openPage } from '../../testing/openPage';
import { ok, refused } from '../../testing/stubEngine';
import LinkNote from './LinkNote';

const ask = vi.fn<EngineApi['ask']>(async () => ok(1));

async function openLink(hash: string, commands: Partial<EngineApi> = {}) {
  await openPage({ open: async () => ok(CATALOGUE), loadModel: async () => ok(MODEL), ask, ...commands });
  const { screen: name, values } = readAddress(hash);
  await act(async () => {
    render(<LinkNote screen={name} values={values} />);
  });
  await act(() => links.open(readAddress(hash)));
}

describe('a link', () => {
  it('is told of, and given back', async () => {
    preferences.setAskSettings({ seed: 3 });
    await openLink('#ask?q=1%2B2&seed=8');
    expect(screen.getByTestId('link-note').textContent).toContain('came with the link');
    expect(ask.mock.lastCall?.[0]).toMatchObject({ question: '1+2', seed: 8 });
    fireEvent.click(screen.getByRole('button', { name: 'Back to my settings' }));
    expect(preferences.usePreferences.getState().ask.seed).toBe(3);
    expect(screen.queryByTestId('link-note')).toBeNull();
  });

  it('that is wrong says what each value needs', async () => {
    await openLink('#train?num_prompts=0&loss_type=none&difficulty=max_terms:99&seed=1&seed=2&fp16=yes');
    const { textContent } = screen.getByRole('alert');
    for (const words of [
      'num_prompts is “0”. It takes a whole number of at least 1.',
      'loss_type is “none”. It takes one of: grpo, ',
      'It takes max_terms from ',
      'seed is “2”. It stands there more than once.',
      'fp16 is “yes”. It takes one of: true, false.',
      'Nothing was changed.',
    ]) {
      expect(textContent).toContain(words);
    }
  });

  it('that brings code starts nothing before the reader lets it', async () => {
    const settings = {
      ...defaultSettings(CATALOGUE),
      config: grpoConfig({ custom_reward: 'function reward() { return 1; }', reward_weights: { custom: 1 } }),
    };
    const start = vi.fn<EngineApi['startRun']>(async () => refused('room'));
    const tryStart = vi.fn<EngineApi['tryStart']>(async () => ok({ problems: 16, right: 9 }));
    await openLink(writeRunLink({ settings, start: 'base' }), { startRun: start, tryStart });
    expect(screen.getByText('function reward() { return 1; }')).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Keep these' })).toBeNull();
    await act(() => startRun(settings));
    expect(start).not.toHaveBeenCalled();
    expect(document.activeElement?.textContent).toBe('The link brings code for a reward of its own.');
    fireEvent.click(screen.getByRole('button', { name: 'Let it run' }));
    await act(() => startRun(settings));
    expect(start).toHaveBeenCalledOnce();
  });
});
