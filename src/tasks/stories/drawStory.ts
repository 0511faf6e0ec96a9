// Draws stories in numbers: first what is to be worked out, then numbers that stay within bounds.
import type { Rng } from '../../lib/rng';
import type { Language } from '../task';
import { type Comparison, type Ending, isSound, type Story, type StoryEvent, stepsOf } from './story';
import { NAMES, THINGS, VERBS } from './storyWords';

export interface StoryBounds {
  readonly language: Language;
  readonly maxSteps: number;
  /** No number of the story and no result is larger. */
  readonly maxNumber: number;
}

/** Numbers that are multiplied by or divided by. */
const MAX_FACTOR = 9;

type Plan = 'count' | 'compare' | 'together' | 'share';

/** Calculations that an ending is worth. */
const ENDING_STEPS: Readonly<Record<Plan, number>> = { count: 0, compare: 1, share: 1, together: 2 };

/** A story that is sound and within the bounds. */
export function drawStory(rng: Rng, bounds: StoryBounds): Story {
  for (;;) {
    const story = drawAny(rng, bounds);
    if (story && isSound(story) && stepsOf(story).every(({ result }) => result <= bounds.maxNumber)) return story;
  }
}

function drawAny(rng: Rng, { language, maxSteps, maxNumber }: StoryBounds): Story | undefined {
  const numSteps = rng.integer(1, maxSteps);
  const plans = (['count', 'count', 'compare', 'together', 'share'] as const).filter(
    (p) => ENDING_STEPS[p] <= numSteps,
  );
  const plan = rng.pick(plans);
  const room = numSteps - ENDING_STEPS[plan];
  const hasBoxes = room > 0 && rng.chance(0.3);
  const boxes = hasBoxes ? rng.integer(2, MAX_FACTOR) : undefined;
  const start = hasBoxes ? rng.integer(2, MAX_FACTOR) : rng.integer(2, maxNumber - 1);
  const who = rng.integer(0, NAMES.en.length - 1);
  const other = (who + rng.integer(1, NAMES.en.length - 1)) % NAMES.en.length;
  const events: StoryEvent[] = [];
  let value = start * (boxes ?? 1);
  for (let index = hasBoxes ? 1 : 0; index < room; index++) {
    const verb = rng.integer(0, VERBS.length - 1);
    const isGain = VERBS[verb]?.sign === '+';
    const most = isGain ? maxNumber - value : value - 1;
    if (most < 1) return undefined;
    const number = rng.integer(1, most);
    value += isGain ? number : -number;
    events.push({ verb, number, isJoined: events.length > 0 && rng.chance(0.5) });
  }
  const ending = drawEnding(rng, plan, value, maxNumber);
  const thing = rng.integer(0, THINGS.en.length - 1);
  return ending && { language, who, other, thing, start, boxes, events, ending };
}

function drawEnding(rng: Rng, plan: Plan, value: number, maxNumber: number): Ending | undefined {
  if (plan === 'count') return { kind: 'count' };
  if (plan === 'share') {
    const divisors = Array.from({ length: MAX_FACTOR - 1 }, (_, i) => i + 2).filter(
      (n) => value % n === 0 && n < value,
    );
    return divisors.length > 0 ? { kind: 'share', number: rng.pick(divisors) } : undefined;
  }
  const by = rng.pick<Comparison>(['more', 'fewer', 'times']);
  const [least, most] = { more: [1, maxNumber - value], fewer: [1, value - 1], times: [2, 5] }[by] as [number, number];
  if (most < least) return undefined;
  return { kind: 'compare', by, number: rng.integer(least, most), isTogether: plan === 'together' };
}
