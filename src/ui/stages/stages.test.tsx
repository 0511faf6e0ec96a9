// @vitest-environment happy-dom
import { fireEvent, render, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineApi } from '../../protocol/protocol';
import { type ChosenPipeline, chosenPipeline } from '../../state/chosenPipeline';
import { usePipelines } from '../../state/page/pipelines';
import { runs } from '../../state/page/run';
import { noPipelines } from '../../state/pipelineReducer';
import { CATALOGUE as MADE_UP } from '../../testing/madeUp';
import { PIPELINE, pipelineRun } from '../../testing/madeUpPipeline';
import { runRecord } from '../../testing/madeUpRun';
import { openPage } from '../../testing/openPage';
import { ok } from '../../testing/stubEngine';
import { PipelineControls } from './PipelineControls';
import { PipelineGraph } from './PipelineGraph';

const CATALOGUE = { pipelines: [{ full: PIPELINE, mini: PIPELINE }], device: { ...MADE_UP.device, isSoftware: false } };
const button = (name: string) => screen.getByRole('button', { name });

/** The pipeline as the page has it, with what the store knows of it. */
function Pipeline() {
  const all = usePipelines((state) => state.runs);
  const chosen = chosenPipeline(CATALOGUE, all, { chosen: PIPELINE.name, isMini: false }) as ChosenPipeline;
  return (
    <>
      <PipelineControls chosen={chosen} />
      <PipelineGraph chosen={chosen} />
    </>
  );
}

async function openPipeline(commands: Partial<EngineApi> = {}) {
  const page = await openPage({ listPipelines: async () => ok([]), stageSteps: async () => ok([]), ...commands });
  render(<Pipeline />);
  return page;
}

beforeEach(() => {
  runs.leaveRun();
  usePipelines.setState(noPipelines);
});

describe('a pipeline', () => {
  it('is begun, stopped after its step, and gone on with', async () => {
    const runPipeline = vi.fn<EngineApi['runPipeline']>(async () => ok({ ...pipelineRun('running'), next: 'base' }));
    const stopPipeline = async () => ok({ ...pipelineRun('stopped', 'base'), next: 'first' });
    await openPipeline({ runPipeline, stopPipeline });
    fireEvent.click(button('Run'));
    expect(button('Starting…')).toHaveProperty('disabled', true);
    fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    expect(button('Stopping after this step…')).toHaveProperty('disabled', true);
    expect(await screen.findByRole('button', { name: 'Go on' })).toBeDefined();
    expect(runPipeline).toHaveBeenCalledWith('two', undefined);
  });

  it('waits for a run that trains, and says so', async () => {
    const page = await openPipeline();
    await page.emit({ type: 'runChanged', run: runRecord() });
    expect(button('Run')).toHaveProperty('disabled', true);
    expect(screen.getByText('A run is training. Pause it to run a pipeline.')).toBeDefined();
  });

  it('is deleted at the second press, not at the first', async () => {
    const deletePipeline = vi.fn<EngineApi['deletePipeline']>(async () => ok(null));
    const page = await openPipeline({ deletePipeline });
    await page.emit({ type: 'pipelineChanged', run: { ...pipelineRun('stopped', 'base'), next: 'first' } });
    fireEvent.click(button('Delete'));
    expect(deletePipeline).not.toHaveBeenCalled();
    fireEvent.click(button('Delete for good?'));
    expect(deletePipeline).toHaveBeenCalledWith('two');
    expect(await screen.findByRole('button', { name: 'Run' })).toBeDefined();
  });

  it('is drawn as what is made from what, with what came of each and how far the running one is', async () => {
    const page = await openPipeline();
    const stages = () => within(screen.getByTestId('pipeline-graph')).getAllByRole('listitem');
    expect(stages().map((stage) => /^(base|first|second)/.exec(stage.textContent ?? '')?.[0])).toEqual([
      'base',
      'first',
      'second',
    ]);
    expect(stages()[2]?.textContent).toContain('from first');
    const evaluation = {
      problems: 256,
      accuracy: 0.5,
      format: 1,
      mean_thinking_tokens: 9,
      mean_tokens: 15,
      clipped_ratio: 0,
      language: { en: 1, zh: 0 },
    };
    const running = pipelineRun('running', 'base');
    const done = running.done.map((one) => ({ ...one, evaluation }));
    await page.emit({ type: 'pipelineChanged', run: { ...running, done, next: 'first' } });
    expect(screen.getByTestId('stage-progress').textContent).toBe('Preparing…');
    const progress = { name: 'first', phase: 'training' as const, done: 3, total: 12, share: 0.25, leftMs: 900 };
    await page.emit({ type: 'pipelineProgressed', pipeline: 'two', progress });
    expect(screen.getByTestId('stage-progress').textContent).toBe('step 3 of 12');
    expect(stages()[0]?.textContent).toMatch(/50%/);
  });
});
