// When a training is saved, evaluated and given up, on a training that only counts.
import { describe, expect, it } from 'vitest';
import { summarizeAnswers } from '../trainer/evaluation/evaluate';
import { HealthWatch, WreckedRunError } from '../trainer/health';
import type { Training } from '../trainer/training';
import { Driver, type Resumed } from './driver';
import type { Rhythm } from './rhythm';

const RHYTHM: Rhythm = { evalEvery: 3, evaluatesStart: true, evaluatesEnd: true, saveEvery: 2, tellEvery: 1 };

interface Options {
  readonly rhythm?: Partial<Rhythm>;
  readonly total?: number;
  /** Steps whose loss is not finite. */
  readonly bad?: readonly number[];
  readonly resumed?: Resumed;
  readonly tokenBudget?: number;
  readonly isDiskFull?: boolean;
  readonly accuracyAt?: (step: number) => number;
}

function counting({ rhythm, total = 5, bad = [], resumed, tokenBudget, isDiskFull = false, ...options }: Options = {}) {
  const told: string[] = [];
  const health = new HealthWatch(100);
  let step = resumed?.savedStep ?? 0;
  const training: Training = {
    get step() {
      return step;
    },
    total,
    get tokens() {
      return 10 * step;
    },
    health,
    async run({ isTold }) {
      step++;
      health.observe(step, { loss: bad.includes(step) ? Number.NaN : 1, entropy: 1 });
      return isTold ? { loss: step } : undefined;
    },
    remember: async () => ({ meta: { step }, arrays: {} }),
    restore: () => {},
    destroy: async () => {},
  };
  const driver = new Driver(
    training,
    { ...RHYTHM, ...rhythm },
    {
      async save({ step: saved, unmeasured }) {
        told.push(`save ${saved}${unmeasured ? ' unmeasured' : ''}`);
        return !isDiskFull;
      },
      async dropAfter(after) {
        told.push(`drop after ${after}`);
        return after < 0 ? undefined : after;
      },
      async evaluate() {
        told.push(`evaluate ${step}`);
        return { ...summarizeAnswers([]), accuracy: options.accuracyAt?.(step) ?? 0 };
      },
      onStep: (metrics) => void told.push(`step ${step}${metrics ? '' : ' untold'}`),
      onDone: (_, evaluation) => void told.push(`done ${step}${evaluation ? ' evaluated' : ''}`),
      onHealth: (ailing) => void told.push(ailing ? `ailing, ${ailing.stepsLeft} left` : 'well'),
    },
    resumed,
    tokenBudget,
  );
  const finish = async () => {
    while (!driver.isDone) await driver.advance();
    return told;
  };
  return { driver, told, finish };
}

describe('a training that is driven', () => {
  it('is saved at its first moment, measured before its first step, and saved before each evaluation', async () => {
    expect(await counting().finish()).toEqual([
      ...['save 0', 'evaluate 0', 'done 0 evaluated'],
      ...['step 1', 'save 1', 'done 1'],
      ...['step 2', 'save 2', 'done 2'],
      ...['step 3', 'save 3 unmeasured', 'evaluate 3', 'done 3 evaluated'],
      ...['step 4', 'save 4', 'done 4'],
      ...['step 5', 'save 5 unmeasured', 'evaluate 5', 'done 5 evaluated'],
    ]);
  });

  it('without evaluations and saves is saved all the same after its last step', async () => {
    const rhythm = { evalEvery: 0, evaluatesStart: false, evaluatesEnd: false, saveEvery: 0, tellEvery: 2 };
    const told = await counting({ rhythm, total: 3 }).finish();
    expect(told).toEqual(['step 1 untold', 'done 1', 'step 2', 'done 2', 'step 3', 'save 3', 'done 3']);
  });

  it('that was left in an evaluation makes up for it before anything else', async () => {
    const resumed = { savedStep: 3, seconds: 1, unmeasured: { loss: 3 } };
    const told = await counting({ resumed, total: 4 }).finish();
    expect(told.slice(0, 3)).toEqual(['evaluate 3', 'done 3 evaluated', 'step 4']);
    const last = { savedStep: 4, seconds: 1 };
    expect(await counting({ resumed: last, total: 4 }).finish()).toEqual(['evaluate 4', 'done 4 evaluated']);
    expect(await counting({ resumed: { ...last, isEvaluated: true }, total: 4 }).finish()).toEqual([]);
  });

  it('of no steps is measured', async () => {
    expect(await counting({ total: 0 }).finish()).toEqual(['evaluate 0', 'done 0 evaluated']);
  });

  it('ends with its token budget', async () => {
    const { driver, finish } = counting({ tokenBudget: 20, rhythm: { evalEvery: 0, evaluatesEnd: false } });
    await finish();
    expect([driver.step, driver.share]).toEqual([2, 1]);
  });

  it('saves once more where that is wanted, and again where there was no room', async () => {
    const { driver, told } = counting({ rhythm: { saveEvery: 0, evaluatesStart: false }, isDiskFull: true });
    driver.saveSoon();
    await driver.advance();
    expect(driver.savedStep).toBeUndefined();
    await driver.save();
    expect(told).toEqual(['step 1', 'save 1', 'done 1', 'save 1']);
  });

  it('never saves weights that ail, and goes on when they are well again', async () => {
    const rhythm = { evalEvery: 0, evaluatesStart: false, evaluatesEnd: false, saveEvery: 1 };
    const told = await counting({ rhythm, bad: [2], total: 3 }).finish();
    expect(told).toEqual([
      ...['save 0', 'step 1', 'save 1', 'done 1'],
      ...['step 2', 'ailing, 2 left', 'done 2', 'step 3', 'well', 'save 3', 'done 3'],
    ]);
  });

  it('whose weights are wrecked is given up, with what was good kept', async () => {
    const { told, finish } = counting({ bad: [3, 4, 5, 6], total: 9, rhythm: { evalEvery: 0 } });
    await expect(finish()).rejects.toThrow(WreckedRunError);
    expect(told.slice(-5)).toEqual(['done 4', 'step 5', 'ailing, 0 left', 'done 5', 'drop after 1']);
  });

  it('that is given up says of what was kept whether it was going wrong already', async () => {
    const rhythm = { evalEvery: 1, evaluatesEnd: false };
    const giveUp = (accuracyAt: (step: number) => number) =>
      counting({ bad: [4, 5, 6], total: 9, rhythm, accuracyAt })
        .finish()
        .catch((error: WreckedRunError) => error.remedy);
    expect(await giveUp((step) => (step < 2 ? 0.5 : 0.1))).toMatch(
      /step 3, .*: right 10% of the time, after 50%\. Start/,
    );
    expect(await giveUp(() => 0.5)).toMatch(/step 3\. Go back to it/);
  });

  it('that ails at its last step is given up: no step comes that could heal it', async () => {
    const { told, finish } = counting({ bad: [5], rhythm: { evalEvery: 0 } });
    await expect(finish()).rejects.toThrow(WreckedRunError);
    expect(told.slice(-2)).toEqual(['done 5', 'drop after 3']);
  });
});
