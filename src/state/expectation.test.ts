import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { grpoConfig } from '../protocol/options';
import { allTasks } from '../tasks/registry';
import { knowersOf, OutcomeStore, timeOf } from './expectation';

const settings = (options: Parameters<typeof grpoConfig>[0]) => ({ config: grpoConfig(options) });

it('the time of a run goes by the steps and the answers of a step', () => {
  const measured = settings({ num_prompts: 2, num_generations: 4 });
  const steps = [
    { step: 1, metrics: { step_time: 0.5 } },
    { step: 2, metrics: { step_time: 1.5 } },
  ];
  expect(timeOf(settings({ num_prompts: 4, num_generations: 4, max_steps: 30 }), measured, steps)).toBe(60_000);
  expect(timeOf(measured, measured, [])).toBeUndefined();
});

it('a model knows the tasks that its card names', () => {
  const card = (id: string) => readFileSync(`public/models/${id}/README.md`, 'utf8');
  expect(knowersOf('chained_sums', { base: card('base'), r1: card('r1'), other: '# none' })).toEqual(['base', 'r1']);
  expect(knowersOf('countdown', { base: card('base') })).toEqual([]);
  const wide = Object.fromEntries(['base', 'wide-base', 'wide-zero', 'wide-r1'].map((id) => [id, card(id)]));
  for (const task of ['countdown', 'word_problems', 'small_talk']) {
    expect(knowersOf(task, wide)).toEqual(['wide-base', 'wide-zero', 'wide-r1']);
  }
  expect(knowersOf('sequences', wide)).toEqual([]);
});

it('the table that comes with the page is read, and is of tasks that there are', async () => {
  const store = new OutcomeStore(async (path) => new Response(readFileSync(`public/${path}`)));
  await store.fetchOutcomes();
  const outcomes = store.useOutcomes.getState();
  expect(outcomes.length).toBeGreaterThan(0);
  const names = allTasks().map(({ name }) => name);
  for (const { task, from, to } of outcomes) {
    expect(names).toContain(task);
    expect(to).toBeGreaterThan(from);
  }
});

it('offline nothing is said of other runs', async () => {
  const store = new OutcomeStore(async () => new Response('<!doctype html>'));
  await store.fetchOutcomes();
  expect(store.useOutcomes.getState()).toEqual([]);
});
