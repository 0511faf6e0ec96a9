// The recordings of the gallery: there, read by the page, and together small.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findRecording } from '../protocol/recording';

const FOLDER = 'public/recorded/gallery';
const MOST_BYTES = 1.5e6;

it('every recording of the gallery is one of a run, and together they are small', () => {
  const files = readdirSync(FOLDER);
  expect(files.sort()).toEqual(['collapse.json', 'dr-grpo.json', 'grpo.json', 'hacked.json']);
  const texts = files.map((file) => readFileSync(join(FOLDER, file), 'utf8'));
  for (const text of texts) expect(findRecording(JSON.parse(text))?.kind).toBe('run');
  expect(texts.join('').length).toBeLessThan(MOST_BYTES);
});

it('shows what it says: a reward that rises while right answers vanish, and a run that its alarm ended', () => {
  const eventsOf = (name: string) => {
    const recording = findRecording(JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')));
    return recording?.kind === 'run' ? recording.events.map(({ event }) => event) : [];
  };
  const steps = eventsOf('hacked').flatMap((event) => (event.type === 'stepFinished' ? [event.step.metrics] : []));
  const [before, after] = [steps[1], steps.at(-1)];
  expect(after?.reward).toBeGreaterThan(1.5 * (before?.reward ?? 0));
  expect(after?.['rewards/accuracy/mean']).toBeLessThan(0.5 * (before?.['rewards/accuracy/mean'] ?? 0));
  const collapse = eventsOf('collapse');
  const ailed = collapse.flatMap((event) => (event.type === 'runAiled' && event.ailing ? [event.ailing] : []));
  const last = collapse.findLast((event) => event.type === 'stepFinished');
  const garbled = last?.groups.flatMap(({ members }) => members) ?? [];
  expect(garbled.length).toBeGreaterThan(0);
  expect(garbled.every(({ tokens }) => !tokens.some(({ text }) => text === '</answer>'))).toBe(true);
  const end = collapse.at(-1);
  expect(end).toMatchObject({ type: 'runFailed', keptStep: expect.any(Number) });
  expect(end?.type === 'runFailed' && end.keptStep).toBeLessThan(ailed[0]?.since ?? 0);
});
