// Alarms on made curves, and on the metrics of real runs (fixtures/alarms): each of six that were made to fail in one way, and
// R1-Zero with three seeds.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ALARMS, type Alarm, type AlarmKind, alarmText, type MeasuredStep, soundingAlarms } from './alarms';

function recorded(name: string): MeasuredStep[] {
  const file = new URL(`../testing/fixtures/alarms/${name}.jsonl.gz`, import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The alarms of every step of a run as it went, by kind: as they first sounded. */
function heard(steps: readonly MeasuredStep[], evalProblems: number): Map<AlarmKind, Alarm> {
  const found = new Map<AlarmKind, Alarm>();
  for (let end = 1; end <= steps.length; end++) {
    for (const alarm of soundingAlarms(steps.slice(0, end), evalProblems)) {
      if (!found.has(alarm.kind)) found.set(alarm.kind, alarm);
    }
  }
  return found;
}

/** A run that learns: what the rules look at, step by step, with changes to it. */
function run(length: number, change: (step: number) => Record<string, number> = () => ({})): MeasuredStep[] {
  return Array.from({ length }, (_, i) => {
    const step = i + 1;
    const share = i / length;
    const metrics = {
      kl: 0.02,
      entropy: 0.4 * (1 - 0.5 * share),
      reward: 0.3 + 0.5 * share,
      'rewards/accuracy/mean': 0.3 + 0.5 * share,
      'completions/clipped_ratio': 0.05,
      frac_reward_zero_std: 0.5 * share,
      'completions/thinking_language/en': 0.7,
      'completions/thinking_language/zh': 0.3,
      ...(step % 20 === 0 && { 'eval/accuracy': 0.3 + 0.5 * share }),
    };
    return { step, metrics: { ...metrics, ...change(step) } };
  });
}

/** Each sounds once the window has mostly passed the step at which a made run goes wrong. */
const WRONG_AT = 40;
const wrong = (change: Record<string, number>) => run(80, (step) => (step > WRONG_AT ? change : {}));

const MADE: Readonly<Record<AlarmKind, readonly MeasuredStep[]>> = {
  klRunaway: wrong({ kl: 3 }),
  entropyCollapse: wrong({ entropy: 0.001, 'rewards/accuracy/mean': 0.3 }),
  lengthExplosion: wrong({ 'completions/clipped_ratio': 0.8 }),
  rewardAgainstTruth: run(
    80,
    (step): Record<string, number> => (step > WRONG_AT && step % 20 === 0 ? { 'eval/accuracy': 0.2 } : {}),
  ),
  languageLoss: wrong({ 'completions/thinking_language/zh': 0 }),
  nothingToLearn: wrong({ frac_reward_zero_std: 1 }),
};

describe('made curves', () => {
  test.each([1, 5, 19, 20, 100])('of %i steps of a run that learns sound no alarm', (length) => {
    expect([...heard(run(length), 512).keys()]).toEqual([]);
  });

  test.each(ALARMS)('%s sounds where its curve goes wrong, and nothing else does', (kind) => {
    const [alarm, ...others] = soundingAlarms(MADE[kind], 512);
    expect([alarm?.kind, others]).toEqual([kind, []]);
    const { since = 0, goodStep = 0 } = alarm as Alarm;
    expect(since).toBeGreaterThan(WRONG_AT);
    expect(since).toBeLessThanOrEqual(WRONG_AT + 20);
    // The way back is from before the trouble.
    expect(goodStep).toBeLessThanOrEqual(WRONG_AT);
    expect(goodStep).toBeGreaterThanOrEqual(WRONG_AT - 10);
  });

  test.each(ALARMS)('%s is over once the curve is well again', (kind) => {
    const healed = [...MADE[kind], ...run(100).slice(80)];
    expect(soundingAlarms(healed, 512).map((alarm) => alarm.kind)).toEqual([]);
  });

  test('one odd step sounds nothing', () => {
    const odd = { kl: 4, entropy: 0, 'completions/clipped_ratio': 1, frac_reward_zero_std: 1 };
    expect([
      ...heard(
        run(60, (step) => (step === 30 ? odd : {})),
        512,
      ).keys(),
    ]).toEqual([]);
  });

  test('an evaluation of few problems has to fall further, for it could be chance', () => {
    const fallen = (evalProblems: number) =>
      soundingAlarms(
        run(60, (step): Record<string, number> => (step === 60 ? { 'eval/accuracy': 0.45 } : {})),
        evalProblems,
      );
    expect(fallen(512).map(({ kind }) => kind)).toEqual(['rewardAgainstTruth']);
    expect(fallen(32)).toEqual([]);
  });

  test('a policy that is sure because it has learned its task is well', () => {
    const sure = (step: number): Record<string, number> =>
      step > WRONG_AT ? { entropy: 0.001, 'rewards/accuracy/mean': 0.95 } : {};
    expect(soundingAlarms(run(80, sure), 512)).toEqual([]);
  });

  test.each(ALARMS)('%s is told in a sentence, with what to do', (kind) => {
    const [alarm] = soundingAlarms(MADE[kind], 512);
    expect(alarmText(alarm as Alarm)).toMatch(/^.{20,}\. [A-Z].{10,}\.$/);
  });
});

describe('real runs', () => {
  test.each(ALARMS)('%s sounds in the run that was made to fail so', (kind) => {
    const alarm = heard(recorded(kind), 128).get(kind);
    expect(alarm).toMatchObject({ kind });
    expect(alarm?.goodStep).toBeLessThan(alarm?.since as number);
  });

  test.each([0, 1, 2])('none sounds in R1-Zero with seed %i', (seed) => {
    const steps = recorded(`r1_zero_${seed}`);
    expect(steps).toHaveLength(400);
    expect([...heard(steps, 512).keys()]).toEqual([]);
  });

  test('none sounds in the recorded run that the page plays, which has evaluations', () => {
    const file = new URL('../../public/recorded/run.json', import.meta.url);
    const { events } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly events: readonly { readonly event?: { type: string; step?: MeasuredStep } }[];
    };
    const steps = events.flatMap((one) => {
      const event = one.event ?? (one as { type: string; step?: MeasuredStep });
      return event.type === 'stepFinished' && event.step ? [event.step] : [];
    });
    expect(steps.filter(({ metrics }) => metrics['eval/accuracy'] !== undefined).length).toBeGreaterThan(1);
    expect([...heard(steps, 512).keys()]).toEqual([]);
  });
});
