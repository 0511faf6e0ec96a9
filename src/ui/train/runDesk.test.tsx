// @vitest-environment happy-dom
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { rng } from '../../lib/rng';
import type { EngineApi, RunRecord } from '../../protocol/protocol';
import { defaultSettings } from '../../state/draft';
import { openRun, runs } from '../../state/page/run';
import { task } from '../../tasks/kinds/chainedSums';
import { CATALOGUE, madeUpGroup } from '../../testing/madeUp';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import OpenRunFile from './OpenRunFile';
import RunDesk from './RunDesk';
import { RunHead } from './RunHead';

const saved: [string, string][] = [];
vi.mock('../saveFile', () => ({
  saveFile: (content: string | Uint8Array, name: string) =>
    saved.push([name, typeof content === 'string' ? content : 'bytes']),
}));

const RUN: RunRecord = {
  id: 'run-1',
  name: 'calm-otter-7',
  createdAt: '2026-01-01T00:00:00.000Z',
  baseModel: 'base',
  parents: [],
  settings: defaultSettings(CATALOGUE),
  step: 2,
  status: 'paused',
};
const STEPS = [1, 2].map((step) => ({ step, metrics: { reward: step / 4 } }));

async function openDesk(run: RunRecord, commands: Partial<EngineApi> = {}, isToSee = false) {
  await openPage({ openRun: async () => ok({ run, steps: STEPS, isElsewhere: false, isToSee }), ...commands });
  await act(() => openRun(run.id));
  await act(async () => {
    render(
      <>
        <RunHead />
        <RunDesk />
        <OpenRunFile />
      </>,
    );
  });
}

const press = (name: string) => act(async () => fireEvent.click(screen.getAllByRole('button', { name })[0] as Element));

beforeEach(() => {
  saved.length = 0;
});

describe('what one can do with a run', () => {
  it('is to take it away as files', async () => {
    const exportRun = vi.fn<EngineApi['exportRun']>(async () => ok(Uint8Array.of(1)));
    await openDesk(RUN, { exportRun, rolloutsFile: async () => ok(new Blob(['{}\n'])) });
    for (const name of ['Metrics, CSV', 'Metrics, JSONL', 'Answers, JSONL', 'Save the run as a file'])
      await press(name);
    expect(saved).toEqual([
      ['calm-otter-7-metrics.csv', 'step,reward\r\n1,0.25\r\n2,0.5\r\n'],
      ['calm-otter-7-metrics.jsonl', '{"step":1,"reward":0.25}\n{"step":2,"reward":0.5}\n'],
      ['calm-otter-7-rollouts.jsonl', 'bytes'],
      ['calm-otter-7.soliloquy.zip', 'bytes'],
    ]);
    expect(exportRun).toHaveBeenCalledExactlyOnceWith('run-1', true);
  });

  it('is to take the tables of a recorded one, which is said to be no run file', async () => {
    await openPage();
    const problem = task.generate(rng(1, 'problem'), { min_terms: 2, max_terms: 2, max_number: 9 });
    const groups = [madeUpGroup(problem, { seed: 1, step: 1, index: 0, size: 2 })];
    await act(async () => {
      runs.showRecording((emit) => {
        const step = { step: 1, metrics: { reward: 0.5 } };
        emit([
          { type: 'runChanged', run: RUN },
          { type: 'stepFinished', runId: RUN.id, step, groups, expertLoad: [] },
        ]);
        return () => {};
      });
      render(<RunDesk />);
    });
    for (const name of ['Metrics, CSV', 'Answers, JSONL']) await press(name);
    expect(saved[0]).toEqual(['calm-otter-7-metrics.csv', 'step,reward\r\n1,0.5\r\n']);
    expect(saved[1]?.[1].trim().split('\n')).toHaveLength(2);
    expect(screen.getByText(/A recording has no checkpoint/)).toBeDefined();
    expect(screen.queryByRole('button', { name: 'Save the run as a file' })).toBeNull();
    runs.leaveRun();
  });

  it('is to name it and to note something', async () => {
    const describeRun = vi.fn<EngineApi['describeRun']>(async (_, said) => ok({ ...RUN, ...said }));
    await openDesk(RUN, { describeRun });
    const [field] = screen.getAllByLabelText('Name');
    fireEvent.change(field as Element, { target: { value: 'The good one' } });
    await act(async () => fireEvent.blur(field as Element));
    expect(describeRun).toHaveBeenCalledExactlyOnceWith('run-1', { label: 'The good one', note: '' });
    expect(screen.getByText('The good one')).toBeDefined();
  });

  it('is to look at it, where there is no checkpoint', async () => {
    const exportRun = vi.fn<EngineApi['exportRun']>(async () => ok(Uint8Array.of(1)));
    await openDesk(RUN, { exportRun }, true);
    expect(screen.getAllByText(/has no checkpoint here/).length).toBeGreaterThan(0);
    await press('Save the run as a file');
    expect(exportRun).toHaveBeenCalledExactlyOnceWith('run-1', false);
  });

  it('is to read the code that came with it before it may run', async () => {
    const config = { ...RUN.settings.config, custom_reward: 'function reward() { return 1; }' };
    const run = { ...RUN, codeWaits: true, settings: { ...RUN.settings, config } };
    const allowRunCode = vi.fn<EngineApi['allowRunCode']>(async () => ok({ ...run, codeWaits: false }));
    await openDesk(run, { allowRunCode });
    expect(screen.getAllByText(config.custom_reward).length).toBeGreaterThan(0);
    await press('Let it run');
    expect(allowRunCode).toHaveBeenCalledExactlyOnceWith('run-1');
    expect(screen.queryByText(config.custom_reward)).toBeNull();
  });
});

it('a file is kept and opened', async () => {
  const importRun = vi.fn<EngineApi['importRun']>(async () => ok({ ...RUN, id: 'run-2' }));
  const open = vi.fn<EngineApi['openRun']>(async () => ok({ run: RUN, steps: STEPS, isElsewhere: false }));
  await openDesk(RUN, { importRun, openRun: open });
  const file = new File(['zip'], 'their-run.soliloquy.zip');
  fireEvent.change(screen.getByLabelText('Open a run file', { selector: 'input' }), { target: { files: [file] } });
  await waitFor(() => expect(open).toHaveBeenLastCalledWith('run-2'));
  expect(importRun).toHaveBeenCalledExactlyOnceWith('their-run.soliloquy.zip', file);
});
