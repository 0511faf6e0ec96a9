// What a training step cost is told phase by phase, with device times where the device has timestamps.
import { expect, it } from 'vitest';
import { type DeviceBuffer, whole } from '../../device/contract';
import { completeDifficulty } from '../../tasks/difficulty';
import { allTasks } from '../../tasks/registry';
import type { Task } from '../../tasks/task';
import { setUpRuntime, tinyModel } from '../../testing/tinyModel';
import { GrpoTraining } from './grpo';
import { grpoConfig } from './grpoConfig';

const runtime = setUpRuntime();

it('a step says what each of its phases cost, and its memory is the same after it', async () => {
  const { device, readback } = runtime();
  const model = await tinyModel(runtime(), true);
  const task = allTasks()[0] as Task;
  const config = grpoConfig({ num_prompts: 2, num_generations: 2, max_completion_length: 16, beta: 0.1, max_steps: 4 });
  const trainer = await GrpoTraining.create(runtime(), model, task, completeDifficulty(task.dials, {}), config);
  await trainer.takeStep();
  const heldBytes = device.memory.bytes;
  const { work, metrics, groups } = await trainer.takeStep();
  expect(device.memory.bytes).toBe(heldBytes);

  const phases = new Map(work.phases.map((phase) => [phase.phase, phase]));
  expect([...phases.keys()]).toEqual(['prefill', 'decode', 'scoring', 'update', 'optimizer']);
  expect(work.isByClock).toBe(!device.features.has('timestamp-query'));
  const { tokenizer } = model;
  const numTokens = groups
    .flatMap((group) => group.members)
    .reduce((sum, m) => sum + m.answer.rollout.tokens.length, 0);
  const decode = phases.get('decode');
  expect(decode?.tokens).toBe(numTokens);
  expect(decode?.runs).toBe(trainer.generator.timing.steps);
  expect(decode?.submits).toBeGreaterThanOrEqual(decode?.runs ?? 0);
  expect(phases.get('update')?.runs).toBe(1);
  // The reference's log-probabilities.
  expect(phases.get('scoring')?.runs).toBe(1);
  // Of a prompt the last token is read by each rollout, whose own last token is not.
  const read = groups.reduce(
    (sum, { problem }) => sum + tokenizer.encodePrompt(problem.question).length - 1,
    numTokens,
  );
  expect(phases.get('scoring')?.tokens).toBe(read);
  expect(phases.get('update')?.tokens).toBe(read);
  expect(metrics['submit/p99_ms']).toBe(work.submitP99Ms);
  // Nearly all of a step the device has something to do. Here a step is too short for the share that counts in a real one.
  expect(metrics['time/bookkeeping']).toBe(work.idleMs / 1000);
  expect(work.idleMs).toBeGreaterThan(0);
  // Of so small a step much is the program's own.
  expect(work.idleMs).toBeLessThan(work.elapsedMs);
  for (const { phase, ms } of work.phases) expect(ms, phase).toBeGreaterThan(0);
  // A read after the step brings what was asked for, and no timestamps.
  const [bytes] = await readback.read([{ ...whole(model.weights.pools[0]?.weights as DeviceBuffer), size: 16 }]);
  expect(bytes?.byteLength).toBe(16);
  await trainer.destroy();
  model.weights.destroy();
});
