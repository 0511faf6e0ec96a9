// @vitest-environment happy-dom
import { readFileSync } from 'node:fs';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineApi, RunSettings, ShippedModel, StepMetrics } from '../../protocol/protocol';
import { refreshRuns, runs, useShelf } from '../../state/page/run';
import { CATALOGUE, MODEL } from '../../testing/madeUp';
import { runRecord, SETTINGS } from '../../testing/madeUpRun';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import { Expectation } from './Expectation';

const knower = { ...(CATALOGUE.models[0] as ShippedModel), id: 'wide-base' };
const catalogue = { ...CATALOGUE, models: [...CATALOGUE.models, knower] };
const steps: StepMetrics[] = [1, 2].map((step) => ({ step, metrics: { step_time: 2 } }));
const said = () => screen.getByTestId('expectation').textContent ?? '';

beforeEach(() => {
  runs.leaveRun();
  location.hash = '#train';
  vi.stubGlobal('fetch', async (path: string) => {
    const file = `public/${path.replace(/^\//, '')}`;
    return new Response(readFileSync(file));
  });
});

async function open(draft: Partial<RunSettings> = {}, commands: Partial<EngineApi> = {}) {
  const page = await openPage({ open: async () => ok(catalogue), loadModel: async () => ok(MODEL), ...commands });
  await page.load();
  render(<Expectation draft={{ ...SETTINGS, ...draft }} />);
  return page;
}

describe('what to expect of a run', () => {
  it('is how far such runs came, and its time once a step was measured', async () => {
    const page = await open();
    await waitFor(() => expect(said()).toContain('How long it takes is told after its first step here.'));
    await waitFor(() => expect(said()).toMatch(/Such runs \(\d+ steps from base\) went from \d+% to \d+% right/));
    const [step] = steps as [StepMetrics];
    const told = { runId: 'run-1', groups: [], expertLoad: [] };
    await page.emit({ type: 'runChanged', run: runRecord() }, { type: 'stepFinished', step, ...told });
    // 60 steps of 2 s.
    expect(said()).toContain('About 2 min 0 sec on this device');
  });

  it('has the time of the last stored run, where none is open', async () => {
    const runSteps = vi.fn<EngineApi['runSteps']>(async () => ok(steps));
    const stored = { ...runRecord({ id: 'run-9', status: 'finished' }), isElsewhere: false };
    await open({}, { listRuns: async () => ok([stored]), runSteps });
    await act(refreshRuns);
    await waitFor(() => expect(said()).toContain('About 2 min 0 sec on this device'));
    await act(refreshRuns);
    expect(runSteps).toHaveBeenCalledExactlyOnceWith('run-9');
  });

  it('is little on a task that its model does not know: one that does is offered', async () => {
    await open({ task: 'countdown' });
    fireEvent.click(await screen.findByRole('button', { name: 'Start from wide-base, which knows it' }));
    expect(useShelf.getState().start).toBe('wide-base');
  });

  it('where none knows it, a base is made of its recipe', async () => {
    const openPipeline = vi.fn<EngineApi['openPipeline']>(async () => ({
      ok: false,
      error: { code: 'bad_pipeline', userMessage: 'No.', remedy: '' },
    }));
    const without = { ...catalogue, models: CATALOGUE.models };
    await open(
      { task: 'countdown' },
      { open: async () => ok(without), listPipelines: async () => ok([]), openPipeline },
    );
    fireEvent.click(await screen.findByRole('button', { name: 'Pretrain a base here' }));
    await waitFor(() => expect(openPipeline).toHaveBeenCalledOnce());
    expect(openPipeline.mock.calls[0]).toEqual([
      readFileSync('recipes/tasks/countdown.json', 'utf8'),
      'countdown.json',
    ]);
    expect(location.hash).toBe('#stages');
  });
});
