// @vitest-environment happy-dom
import { act, fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobSource } from '../../protocol/jobs';
import type { EngineApi } from '../../protocol/protocol';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import { loadTexts } from '../i18n';
import ContinueAtScale from './ContinueAtScale';

const saved: string[] = [];
vi.mock('../saveFile', () => ({ saveFile: (_: Blob, name: string) => saved.push(name) }));

const asked: unknown[] = [];
const made: EngineApi['exportJob'] = async (source, request) => {
  asked.push([source, request]);
  return ok(new Blob([new Uint8Array(2_000_000)]));
};

async function open(exportJob = made, source: JobSource = { kind: 'run', runId: 'run-1' }) {
  await openPage({ exportJob });
  await loadTexts('export');
  await act(async () => {
    render(<ContinueAtScale source={source} name="../calm otter" />);
  });
}

const change = (label: string, value: string) =>
  act(async () => fireEvent.change(screen.getByLabelText(label), { target: { value } }));
const make = () => act(async () => fireEvent.click(screen.getByRole('button', { name: 'Make the job' })));

beforeEach(() => {
  saved.length = 0;
  asked.length = 0;
});

describe('Continue at scale', () => {
  it('makes the usual job of a run, and says what was saved and how large it is', async () => {
    await open();
    await make();
    expect(asked).toEqual([[{ kind: 'run', runId: 'run-1' }, { target: 'trl' }]]);
    expect(saved).toEqual(['calm-otter-trl.zip']);
    expect(screen.getByRole('status').textContent).toMatch(/calm-otter-trl\.zip, 2 MB/);
  });

  it('takes the trainer, the problems and a base of the hub', async () => {
    await open();
    await change('Trained by', 'verl');
    expect(screen.getByText(/was not run on graphics cards/)).toBeTruthy();
    await change('Training problems', '500');
    await change('Start from', 'hub');
    await change('Name of the base', ' Qwen/Qwen3-0.6B ');
    await make();
    expect(asked).toEqual([
      [
        { kind: 'run', runId: 'run-1' },
        { target: 'verl', problems: 500, model: 'Qwen/Qwen3-0.6B' },
      ],
    ]);
  });

  it('makes that of a pipeline by what trains all of its stages', async () => {
    const pipeline = { kind: 'pipeline', name: 'r1' } as const;
    await open(made, pipeline);
    const targets = [...screen.getByLabelText<HTMLSelectElement>('Trained by').options].map(({ value }) => value);
    expect(targets).toEqual(['trl', 'ray']);
    await change('Trained by', 'ray');
    await make();
    expect(asked).toEqual([[pipeline, { target: 'ray' }]]);
  });

  it('says why there is none, and saves nothing', async () => {
    await open(async () => ({
      ok: false,
      error: { code: 'bad_job', userMessage: 'There are 80 distinct problems.', remedy: 'Ask for 80.' },
    }));
    await make();
    expect(screen.getByText('Ask for 80.')).toBeTruthy();
    expect(saved).toEqual([]);
  });
});
