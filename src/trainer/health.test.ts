import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Ailment,
  checkAnswers,
  HealthWatch,
  MOST_AILING,
  type Vitals,
  vitalsOfAnswers,
  WreckedRunError,
} from './health';

const VOCABULARY = 112;
const WELL: Vitals = { loss: 0.1, gradNorm: 1, skipped: 0, broken: 0, entropy: 0.4, formatRate: 0.9, fracZeroStd: 0.2 };
const FLAT = Math.log(VOCABULARY);

describe('a step of a run', () => {
  it.each<[Ailment, Partial<Vitals>]>([
    ['logits', { broken: 3 }],
    ['loss', { loss: Number.NaN }],
    ['loss', { loss: Number.NEGATIVE_INFINITY }],
    ['gradient', { skipped: 1 }],
    ['gradient', { gradNorm: Number.POSITIVE_INFINITY }],
    ['flat', { entropy: Math.fround(FLAT), formatRate: 0 }],
    ['certain', { entropy: 0, formatRate: 0 }],
    ['formless', { formatRate: 0, fracZeroStd: 1 }],
  ])('ails of %s: %j', (ailment, change) => {
    const watch = new HealthWatch(VOCABULARY);
    expect(watch.observe(1, WELL)).toBeUndefined();
    expect(watch.observe(2, { ...WELL, ...change })).toMatchObject({ ailment, since: 2, step: 2 });
    expect(watch.goodStep).toBe(0);
  });

  it.each<[string, Vitals]>([
    ['random weights', { ...WELL, entropy: FLAT * (1 - 2e-3), formatRate: 0, fracZeroStd: 1 }],
    ['a policy that is sure and right', { ...WELL, entropy: 1e-9, formatRate: 1, fracZeroStd: 1 }],
    ['a policy that is rewarded for another form', { ...WELL, formatRate: 0, fracZeroStd: 0.3 }],
  ])('does not ail: %s', (_, vitals) => {
    const watch = new HealthWatch(VOCABULARY);
    for (let step = 1; step < 10; step++) expect(watch.observe(step, vitals)).toBeUndefined();
  });

  it('on texts, ails where the loss is far above that of a model that knows nothing', () => {
    const watch = new HealthWatch(VOCABULARY);
    expect(watch.observe(1, { loss: FLAT + 0.01, gradNorm: 1 })).toBeUndefined();
    expect(watch.observe(2, { loss: 40, gradNorm: 1 })?.ailment).toBe('diverged');
    expect(watch.observe(3, { loss: 30, gradNorm: 1 })).toBeUndefined();
    expect(watch.observe(4, { loss: 31, gradNorm: 1 })?.ailment).toBe('diverged');
    expect(watch.observe(5, { loss: FLAT, gradNorm: 0 })?.ailment).toBe('flat');
  });
});

describe('a run', () => {
  it('is stopped after so many looks in a row, told since when, and heals in between', () => {
    const watch = new HealthWatch(VOCABULARY);
    const bad = { ...WELL, broken: 1 };
    watch.observe(1, WELL);
    watch.observe(2, bad);
    watch.observe(3, WELL);
    expect(watch.ailing).toBeUndefined();
    const left = [4, 5, 6].map((step) => watch.observe(step, bad)?.stepsLeft);
    expect(left).toEqual([2, 1, 0]);
    expect(watch.ailing).toMatchObject({ since: 4, step: 6 });
    // The weights after step 3 drew the broken answers of step 4.
    expect(watch.goodStep).toBe(2);
  });

  it('is stopped by its last evaluation at once, as no step follows', () => {
    const watch = new HealthWatch(VOCABULARY);
    watch.observe(5, WELL);
    expect(watch.observeEvaluation(5, { entropy: FLAT, formatRate: 0 }, true)).toMatchObject({ stepsLeft: 0 });
    expect(watch.goodStep).toBe(4);
  });

  it('that has lost its form is not healed by an evaluation without any', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), (isEvaluated) => {
        const watch = new HealthWatch(VOCABULARY);
        watch.observe(1, WELL);
        isEvaluated.slice(0, MOST_AILING).forEach((evaluated, i) => {
          const ailing = watch.observe(i + 2, { ...WELL, formatRate: 0, fracZeroStd: 1 });
          expect(ailing).toMatchObject({ since: 2, stepsLeft: MOST_AILING - i - 1 });
          const measured = { broken: 0, entropy: 0.4, formatRate: 0 };
          if (evaluated) expect(watch.observeEvaluation(i + 2, measured, false)).toEqual(ailing);
          expect(watch.goodStep).toBe(0);
        });
      }),
    );
  });

  it('whose gradient is not finite is not healed by an evaluation of good answers', () => {
    const watch = new HealthWatch(VOCABULARY);
    watch.observe(1, WELL);
    const left = [1, 2, 3].map((skipped) => {
      const { stepsLeft } = watch.observe(skipped + 1, { ...WELL, skipped }) ?? {};
      watch.observeEvaluation(skipped + 1, { broken: 0, entropy: 0.4, formatRate: 1 }, false);
      return stepsLeft;
    });
    expect(left).toEqual([2, 1, 0]);
  });

  it('that has its form again in an evaluation is well', () => {
    const watch = new HealthWatch(VOCABULARY);
    watch.observe(1, WELL);
    watch.observe(2, { ...WELL, formatRate: 0, fracZeroStd: 1 });
    expect(watch.observeEvaluation(2, { broken: 0, entropy: 0.4, formatRate: 0.5 }, false)).toBeUndefined();
    expect(watch.goodStep).toBe(2);
  });

  it('whose evaluation finds no form where there was some is in doubt until its next step', () => {
    const watch = new HealthWatch(VOCABULARY);
    watch.observe(1, WELL);
    expect(watch.observeEvaluation(1, { broken: 0, entropy: 0.4, formatRate: 0 }, false)).toBeUndefined();
    expect([watch.isDoubtful, watch.goodStep]).toEqual([true, 0]);
    watch.observe(2, { ...WELL, formatRate: 0, fracZeroStd: 0.3 });
    expect([watch.isDoubtful, watch.goodStep]).toEqual([false, 1]);
  });

  it('counts only what was skipped since it was resumed', () => {
    const watch = new HealthWatch(VOCABULARY);
    watch.restore(20, 4);
    expect(watch.observe(21, { ...WELL, skipped: 4 })).toBeUndefined();
    expect(watch.observe(22, { ...WELL, skipped: 5 })?.ailment).toBe('gradient');
  });

  it('is stopped exactly where it has ailed for so many looks in a row, and its good step is before them', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (isBad) => {
        const watch = new HealthWatch(VOCABULARY);
        let row = 0;
        isBad.forEach((bad, i) => {
          row = bad ? row + 1 : 0;
          const ailing = watch.observe(i + 1, bad ? { ...WELL, loss: Number.NaN } : WELL);
          expect(ailing?.stepsLeft === 0).toBe(row >= MOST_AILING);
          if (ailing) expect(ailing.since).toBe(i + 2 - row);
          expect(watch.goodStep).toBeLessThan((ailing?.since ?? i + 2) - 1);
        });
      }),
    );
  });

  it('that is stopped says what is wrong, since when, and which checkpoint is from before', () => {
    const watch = new HealthWatch(VOCABULARY);
    watch.observe(1, WELL);
    for (let step = 2; step <= 4; step++) watch.observe(step, { ...WELL, entropy: FLAT });
    const error = new WreckedRunError(watch.ailing as NonNullable<typeof watch.ailing>, { step: 0 });
    expect(error.userMessage).toBe(
      'Since step 2, for 3 steps, every token is equally likely (entropy 4.718 nats, the most there can be). ' +
        'The run was stopped, since it cannot learn any more.',
    );
    expect(error.remedy).toMatch(/^The last checkpoint from before that is that of step 0\. /);
    const damaged = new WreckedRunError(watch.ailing as NonNullable<typeof watch.ailing>, {
      ...{ step: 1, accuracy: 0.02, best: 0.5 },
    });
    expect(damaged.remedy).toMatch(
      /^The last checkpoint .* step 1, which was going wrong already: right 2% of the time, after 50%\. Start/,
    );
    const unkept = new WreckedRunError(watch.ailing as NonNullable<typeof watch.ailing>, undefined);
    expect(unkept.remedy).toMatch(/^No checkpoint was saved before that\. /);
  });
});

describe('answers', () => {
  const rollout = (logps: number[], entropies: number[]) => ({ logps, entropies });
  const answer = (logp: number, entropy: number) => ({
    ...{ group: 0, member: 0, tokens: [1], alternatives: [], stop: 'end' as const },
    ...rollout([-0.1, logp], [entropy, entropy]),
    drawnLogps: [],
  });

  it('are broken where a log-probability is none', () => {
    for (const logp of [Number.NaN, Number.POSITIVE_INFINITY, 3e38])
      expect(vitalsOfAnswers([rollout([-1], [1]), rollout([-1, logp], [1, 1])])).toEqual({ broken: 1, entropy: 1 });
    // Rounding may put the probability of a certain token a little above 1.
    expect(vitalsOfAnswers([rollout([1e-6], [0])])).toEqual({ broken: 0, entropy: 0 });
  });

  it('of wrecked weights are an error, of any others not', () => {
    const check = (logp: number, entropy: number) => () => checkAnswers('mine', VOCABULARY, [answer(logp, entropy)]);
    expect(check(Number.NaN, 1)).toThrow(/mine cannot answer: its logits are not finite/);
    expect(check(-FLAT, FLAT)).toThrow(/every token is equally likely/);
    expect(check(-1, 1)).not.toThrow();
    expect(check(0, 0)).not.toThrow();
  });
});
