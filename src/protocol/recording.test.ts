// What the page plays and shows without a model is read from files: those that ship are all recordings of this version.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parsePipeline } from '../runs/pipeline';
import { allPipelines } from '../runs/ready';
import { presentPipeline, presentPipelines } from '../worker/presentPipeline';
import type { PipelineInfo } from './pipelines';
import { findRecording } from './recording';

const FOLDER = 'public/recorded';
const read = (file: string) => findRecording(JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')));

it('every file that ships is a recording, under the name that the page asks for', () => {
  // The gallery's have a test of their own.
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.json'))) {
    const recording = read(file);
    const name =
      recording?.kind === 'pipeline' ? recording.run.pipeline.name : recording?.kind === 'ask' ? 'answer' : 'run';
    expect(`${name}.json`).toBe(file);
  }
});

/** What is shown of it as it would be read today: options that came since have their defaults. */
const pipelineOf = ({ stages, ...about }: PipelineInfo) =>
  parsePipeline({
    ...about,
    stages: stages.map(({ needs: _, settings, ...stage }) => ({ ...stage, ...settings })),
  });

it('the recorded pipeline is the full R1 as it is today, each model measured on as many problems as it says', () => {
  const recording = read('r1.json');
  if (recording?.kind !== 'pipeline') throw new Error('r1.json is no recorded pipeline');
  const { run, steps } = recording;
  const full = presentPipelines().find(({ full: { name } }) => name === 'r1')?.full;
  expect(presentPipeline(pipelineOf(run.pipeline))).toEqual(full);
  expect(run.status).toBe('finished');
  const { evaluation } = allPipelines().find(({ name }) => name === 'r1') ?? {};
  for (const { evaluation: measured } of run.done) if (measured) expect(measured.problems).toBe(evaluation?.problems);
  expect(steps['reasoning-rl']).toHaveLength(60);
});

it('a file that is not whole is none', () => {
  const { steps: _, ...rest } = JSON.parse(readFileSync(`${FOLDER}/r1.json`, 'utf8'));
  expect(findRecording(rest)).toBeUndefined();
});
