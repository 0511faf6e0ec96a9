// @vitest-environment happy-dom
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineApi, EngineEvent, Result, RunRecord } from '../../protocol/protocol';
import { usePreferences } from '../../state/page/preferences';
import { runs } from '../../state/page/run';
import { CATALOGUE, MODEL } from '../../testing/madeUp';
import { runRecord, SETTINGS } from '../../testing/madeUpRun';
import { openPage } from '../../testing/openPage';
import { deferred, ok, refused } from '../../testing/stubEngine';
import { RunControls } from './RunControls';
import { RunHead } from './RunHead';
import { SettingsForm } from './SettingsForm';

const button = (name: string) => screen.getByRole('button', { name });
const changed = (change: Partial<RunRecord> = {}): EngineEvent => ({ type: 'runChanged', run: runRecord(change) });
const stepped = (step: number, accuracy: number): EngineEvent => ({
  type: 'stepFinished',
  runId: 'run-1',
  step: { step, metrics: { reward: accuracy, step_time: 2, 'eval/accuracy': accuracy } },
  groups: [],
  expertLoad: [],
});

beforeEach(() => runs.leaveRun());

describe('the head of a run', () => {
  it('invites where there is none', async () => {
    await openPage();
    render(<RunHead />);
    expect(screen.getByRole('heading').textContent).toBe('Reward it for right answers, and watch thinking appear.');
    expect(screen.queryByTestId('phase')).toBeNull();
  });

  it('tells what it does now, and its story once it was measured', async () => {
    const page = await openPage();
    render(<RunHead />);
    await page.emit(changed({ step: 1 }), {
      type: 'phaseChanged',
      runId: 'run-1',
      phase: 'sampling',
      done: 2,
      total: 8,
    });
    expect(screen.getByTestId('phase').textContent).toBe('Sampling 3/8');
    await page.emit(stepped(1, 0.25), stepped(2, 0.75), changed({ step: 2, status: 'paused' }));
    expect(screen.getByTestId('lead').textContent).toContain('It answered 25% right before. At step 2 it answers 75%');
    expect(screen.getByTestId('phase').textContent).toBe('Paused');
    expect(screen.getByTestId('step').textContent).toBe('step 2 of 60');
    expect(screen.getByRole('progressbar')).toMatchObject({ value: 2, max: 60 });
  });

  it('says in words what goes wrong, and goes back to the checkpoint from before it', async () => {
    const calls: unknown[][] = [];
    const page = await openPage({
      pauseRun: async () => ok(runRecord({ status: 'paused', step: 30 })),
      openRun: async (...args) => {
        calls.push(args);
        return ok({ run: runRecord({ status: 'paused', step: 10 }), steps: [], isElsewhere: false });
      },
    });
    render(<RunHead />);
    const alike = (step: number, share: number): EngineEvent => ({
      type: 'stepFinished',
      runId: 'run-1',
      step: { step, metrics: { frac_reward_zero_std: share } },
      groups: [],
      expertLoad: [],
    });
    await page.emit(changed());
    for (let step = 1; step <= 30; step++) await page.emit(alike(step, step > 15 ? 1 : 0));
    expect(screen.getByText('Nothing to learn.').closest('li')?.textContent).toContain('Since step 25 all answers');
    expect(screen.getByText(/^No checkpoint of step 15 or before is kept/)).toBeDefined();
    await page.emit({ type: 'checkpointSaved', runId: 'run-1', step: 30, olderStep: 10 });
    await act(async () => fireEvent.click(button('Go back to step 10')));
    expect(calls).toEqual([['run-1', 10]]);
    expect(screen.queryByText('Nothing to learn.')).toBeNull();
  });

  it('tells how long is left while it trains, not once it is over', async () => {
    const page = await openPage();
    render(<RunHead />);
    await page.emit(changed({ step: 2 }), stepped(1, 0.25), stepped(2, 0.75));
    expect(screen.getByText(/left$/)).toBeDefined();
    await page.emit(changed({ step: 2, status: 'finished' }));
    expect(screen.queryByText(/left$/)).toBeNull();
  });
});

describe('the controls of a run', () => {
  it('start, pause, resume and stop it, and wait for each answer', async () => {
    const paused = deferred<Result<RunRecord>>();
    const startRun = vi.fn<EngineApi['startRun']>(async () => ok(runRecord({ step: 0 })));
    const page = await openPage({
      open: async () => ok(CATALOGUE),
      loadModel: async () => ok(MODEL),
      startRun,
      pauseRun: () => paused.promise,
      resumeRun: async () => ok(runRecord()),
      stopRun: async () => ok(runRecord({ status: 'finished' })),
    });
    await page.load();
    render(<RunControls draft={SETTINGS} />);
    expect(button('Stop')).toHaveProperty('disabled', true);
    fireEvent.click(button('Start training'));
    fireEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    expect(startRun).toHaveBeenCalledWith(SETTINGS, false);
    expect(button('Pausing after this step…')).toHaveProperty('disabled', true);
    paused.resolve(ok(runRecord({ status: 'paused' })));
    fireEvent.click(await screen.findByRole('button', { name: 'Resume' }));
    await screen.findByRole('button', { name: 'Pause' });
    fireEvent.click(button('Stop'));
    expect(await screen.findByRole('button', { name: 'Start training' })).toBeDefined();
  });

  it('offer a new run where the settings were changed', async () => {
    const page = await openPage();
    const { rerender } = render(<RunControls draft={SETTINGS} />);
    await page.emit(changed({ status: 'paused' }));
    expect(screen.queryByText(/calm-otter-1/)).toBeNull();
    rerender(<RunControls draft={{ ...SETTINGS, evalProblems: 5 }} />);
    expect(screen.getByText(/calm-otter-1/)).toBeDefined();
  });
});

/** The form as the page has it: with the draft of the preferences. */
function Form() {
  const draft = usePreferences((preferences) => preferences.draft) ?? SETTINGS;
  return (
    <SettingsForm catalogue={CATALOGUE} draft={draft} isFurtherOpen={false} furtherId="further" onFurther={() => {}} />
  );
}

describe('the settings', () => {
  const draft = () => usePreferences.getState().draft;

  beforeEach(async () => {
    // Without a device's answer there is nothing to say of memory.
    await openPage({ open: async () => ok({ ...CATALOGUE, models: [] }), planRun: async () => refused('plan') });
    usePreferences.setState({ draft: SETTINGS });
    render(<Form />);
  });

  it('of a task are its own dials, at their defaults', () => {
    fireEvent.change(screen.getByRole('combobox', { name: 'Task' }), { target: { value: 'countdown' } });
    const dials = CATALOGUE.tasks.find(({ name }) => name === 'countdown')?.dials ?? [];
    expect(draft()?.difficulty).toEqual(Object.fromEntries(dials.map((dial) => [dial.name, dial.default])));
    const [slider] = screen.getAllByRole('slider');
    if (slider) fireEvent.change(slider, { target: { value: String(dials[0]?.max) } });
    expect(draft()?.difficulty[dials[0]?.name ?? '']).toBe(dials[0]?.max);
  });

  it('of a recipe are its options, and say what it is; the seed stays', () => {
    act(() => usePreferences.setState({ draft: { ...SETTINGS, config: { ...SETTINGS.config, seed: 9 } } }));
    fireEvent.change(screen.getByRole('combobox', { name: 'Recipe' }), { target: { value: 'DAPO' } });
    expect(draft()).toMatchObject({ preset: 'DAPO', config: { loss_type: 'dapo', epsilon_high: 0.28, seed: 9 } });
    expect(screen.getByText('The clip is wider upwards.')).toBeDefined();
  });

  it('take a number in range, and say the range of any other', () => {
    const rate = screen.getByRole('textbox', { name: 'Learning rate' });
    fireEvent.change(rate, { target: { value: '3e-4' } });
    fireEvent.blur(rate);
    expect(draft()?.config.learning_rate).toBe(3e-4);
    fireEvent.change(rate, { target: { value: '-1' } });
    expect(rate.getAttribute('aria-invalid')).toBe('true');
    expect(screen.getByText('It takes a number of at least 0.')).toBeDefined();
    expect(draft()?.config.learning_rate).toBe(3e-4);
  });

  it('weigh rewards; one of weight 0 is left out', () => {
    const rewards = within(screen.getByRole('group'));
    const [right, form] = rewards.getAllByRole('textbox');
    if (!right || !form) throw new Error('two rewards were expected');
    fireEvent.change(form, { target: { value: '0.5' } });
    fireEvent.blur(form);
    expect(draft()?.config.reward_weights).toMatchObject({ format: 0.5 });
    fireEvent.change(right, { target: { value: '0' } });
    fireEvent.blur(right);
    expect(draft()?.config.reward_weights).not.toHaveProperty('accuracy');
  });

  it('offer what only a game can earn for tasks that are games', () => {
    const fields = () => within(screen.getByRole('group')).getAllByRole('textbox').length;
    expect(fields()).toBe(2);
    fireEvent.change(screen.getByRole('combobox', { name: 'Task' }), { target: { value: 'nim' } });
    expect(fields()).toBe(3);
  });
});
