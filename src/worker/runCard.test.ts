import { describe, expect, it } from 'vitest';
import { presetModel } from '../model/presets';
import type { RunRecord, StepMetrics } from '../protocol/protocol';
import { getTask } from '../tasks/registry';
import { grpoConfig } from '../trainer/grpo/grpoConfig';
import { resultsOfCard } from '../ui/models/card';
import { runCard } from './runCard';

/** @param accuracies by step: what was measured after it, if anything was. */
function cardOf(step: number, ...accuracies: (number | undefined)[]): string {
  const config = grpoConfig({ max_steps: 10 });
  const record: RunRecord = {
    id: 'a',
    name: 'calm-otter-7',
    createdAt: '',
    baseModel: 'base',
    parents: [],
    settings: {
      task: 'chained_sums',
      difficulty: {},
      preset: 'R1-Zero',
      config,
      evalProblems: 64,
      evalEvery: 5,
      checkpointEvery: 5,
    },
    step,
    status: 'paused',
  };
  const steps = accuracies.map(
    (accuracy, at): StepMetrics => ({
      step: at,
      metrics:
        accuracy === undefined ? {} : { 'eval/accuracy': accuracy, 'eval/format': 1, 'eval/mean_thinking_length': 9 },
    }),
  );
  return runCard(record, steps, {
    task: getTask('chained_sums'),
    difficulty: {},
    model: presetModel('nano', 67),
    sampling: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96, endTokens: [1], numTokens: 67 },
    device: 'a device',
  });
}

describe('the card of a run', () => {
  it('says beside every figure that is older than the weights of which step it is, and at step 0 of which model', () => {
    const card = cardOf(1, 0.4375, undefined);
    for (const name of ['accuracy on 64 problems', 'right form', 'mean thinking tokens']) {
      expect(card).toContain(`| ${name}, measured at step 0 of 1 |`);
    }
    expect(card).toContain('Not measured since step 0: the figures are those of base, which it was trained from');
    expect(resultsOfCard(card)).toMatchObject({ accuracy: 0.438, problems: 64, thinkingTokens: 9, measuredAt: 0 });
    const later = cardOf(3, 0.4, undefined, 0.5, undefined);
    expect(later).toContain('| accuracy on 64 problems, measured at step 2 of 3 |');
    expect(later).toContain('Not measured since step 2: the figures are those of the weights of step 2');
    expect(resultsOfCard(later).measuredAt).toBe(2);
  });

  it('says nothing of it where the figures are those of the weights', () => {
    for (const card of [cardOf(2, 0.4, undefined, 0.5), cardOf(0, 0.4)]) {
      expect(card).not.toMatch(/measured (at|since) step/);
      expect(resultsOfCard(card).measuredAt).toBeUndefined();
    }
  });
});
