// @vitest-environment happy-dom
import { fireEvent, render, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { grpoConfig } from '../../protocol/options';
import type { EngineApi, EngineEvent, RolloutGroup as Group, RolloutMember } from '../../protocol/protocol';
import { runs } from '../../state/page/run';
import { runRecord } from '../../testing/madeUpRun';
import { openPage } from '../../testing/openPage';
import { ok, refused } from '../../testing/stubEngine';
import { RolloutGroup } from './RolloutGroup';
import { RolloutsPanel } from './RolloutsPanel';

const member = (reward: number, change: Partial<RolloutMember> = {}): RolloutMember => ({
  tokens: [
    { text: '<think>', part: 'tag', logp: -0.1 },
    { text: 'so', part: 'thinking', logp: -0.1 },
    { text: '3', part: 'answer', logp: -0.1 },
  ],
  answer: '3',
  rewards: { accuracy: reward, format: null },
  reward,
  advantage: reward === 1 ? 0.87 : -1.2,
  stopReason: 'end',
  ...change,
});

const group = (change: Partial<Group> = {}): Group => ({
  step: 1,
  index: 0,
  question: '9-6=?',
  gold: '3',
  rewardMean: 0.5,
  rewardStd: 0.5,
  members: [member(0), member(1)],
  ...change,
});

const answers = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent ?? '');

describe('a group of answers', () => {
  it('shows the best answer first, each with its rewards, its signed advantage and its length', async () => {
    await openPage();
    render(<RolloutGroup group={group()} />);
    const [best, worst] = answers();
    expect(best).toContain('advantage +0.87');
    expect(best).toContain('right answer 1 form does not apply');
    expect(best).toContain('reward 1.00 3 tokens');
    expect(worst).toContain('advantage −1.20');
    expect(screen.queryByText('no signal')).toBeNull();
  });

  it('says when it teaches nothing, and why', async () => {
    await openPage();
    const { rerender } = render(<RolloutGroup group={group({ rewardStd: 0 })} />);
    expect(screen.getByText('no signal')).toBeDefined();
    rerender(<RolloutGroup group={group({ rewardStd: Number.NaN, rewardMean: Number.NaN, isLeftOut: true })} />);
    expect(screen.getByText('left out')).toBeDefined();
    expect(screen.queryByText(/NaN/)).toBeNull();
  });

  it('shows an answer on which the reward failed first, with the line, and says of one that was cut that it was', async () => {
    await openPage();
    const failed = member(0, { error: { message: 'Error: no such thing', line: 2 } });
    render(<RolloutGroup group={group({ members: [member(1, { stopReason: 'length' }), failed] })} />);
    const [first, second] = answers();
    expect(first).toContain('Error: no such thing (line 2)');
    expect(second).toContain('cut at 3 tokens');
  });

  it('shows the formula of an answer that is pressed: its own numbers, and a sentence for each symbol', {
    timeout: 30_000,
  }, async () => {
    await openPage();
    const shown = group();
    const config = grpoConfig({ num_prompts: 1, num_generations: 2, reward_weights: { accuracy: 1, format: 0.1 } });
    render(<RolloutGroup group={shown} groups={[shown]} config={config} />);
    const [first] = screen.getAllByRole('button', { name: 'formula' });
    fireEvent.click(first as HTMLElement);
    const formula = await screen.findByTestId('answer-formula');
    const advantage = within(formula).getByRole('region', { name: 'Better or worse than the group' });
    expect(advantage.querySelector('annotation')?.textContent).toContain('0.50');
    fireEvent.click(within(formula).getByRole('button', { name: /σ/ }));
    expect(within(formula).getByText(/standard deviation/)).toBeDefined();
    expect(advantage.querySelectorAll('.sym-chosen').length).toBeGreaterThan(0);
    fireEvent.keyDown(within(formula).getByRole('toolbar'), { key: 'End' });
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^token 3, push/);
    fireEvent.click(first as HTMLElement);
    expect(screen.queryByTestId('answer-formula')).toBeNull();
  });

  it('marks the language of each word of the thinking, not of the answer', async () => {
    await openPage();
    render(<RolloutGroup group={group({ members: [member(1)] })} />);
    const marked = [...screen.getByRole('listitem').querySelectorAll('[lang]')];
    expect(marked.map((word) => [word.textContent, word.getAttribute('lang')])).toEqual([['so', 'en']]);
  });
});

describe('the rollouts of a run', () => {
  const stepped = (step: number, groups: readonly Group[]): EngineEvent => ({
    type: 'stepFinished',
    runId: 'run-1',
    step: { step, metrics: {} },
    groups,
    expertLoad: [],
  });
  const where = () => screen.getByTestId('group-where').textContent;

  async function openRun(rollouts: EngineApi['rollouts']) {
    runs.leaveRun();
    const page = await openPage({ rollouts });
    render(<RolloutsPanel />);
    await page.emit(
      { type: 'runChanged', run: runRecord({ step: 2, status: 'paused' }) },
      stepped(1, []),
      stepped(2, [group({ step: 2 }), group({ step: 2, index: 1, question: '1+1=?' })]),
    );
    return page;
  }

  it('are of the latest step, group by group', async () => {
    await openRun(async () => ok([]));
    expect(where()).toBe('step 2 · question 1 of 2');
    expect(screen.getByRole('button', { name: 'Previous question' })).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByRole('button', { name: 'Next question' }));
    expect(where()).toBe('step 2 · question 2 of 2');
    expect(screen.getByText('1 + 1 = ?')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Next question' })).toHaveProperty('disabled', true);
  });

  it('of another step are read when that is looked at', async () => {
    const rollouts = vi.fn<EngineApi['rollouts']>(async () => ok([group()]));
    await openRun(rollouts);
    fireEvent.change(screen.getByRole('slider'), { target: { value: '1' } });
    expect(await screen.findByText('step 1 · question 1 of 1')).toBeDefined();
    expect(rollouts).toHaveBeenCalledWith('run-1', 1);
    fireEvent.click(screen.getByRole('button', { name: 'Follow the latest' }));
    expect(where()).toContain('step 2');
  });

  it('that cannot be read say why', async () => {
    await openRun(async () => refused('rollouts'));
    fireEvent.change(screen.getByRole('slider'), { target: { value: '1' } });
    expect((await screen.findByRole('alert')).textContent).toContain('No rollouts.');
  });
});
