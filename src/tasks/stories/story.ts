// A story in numbers: what somebody has, what comes and goes, and what is asked. Its calculations follow from it.
import type { Language } from '../task';
import { type LEADS, VERBS } from './storyWords';

/** Something is got or given away. */
export interface StoryEvent {
  /** Place among VERBS. */
  readonly verb: number;
  readonly number: number;
  /** Told in one sentence with the event before it. */
  readonly isJoined: boolean;
}

export type Comparison = 'more' | 'fewer' | 'times';

export type Ending =
  /** How many there are at last. */
  | { readonly kind: 'count' }
  /** What another has beside them; asked is the other’s number, or both together. */
  | {
      readonly kind: 'compare';
      readonly by: Comparison;
      readonly number: number;
      readonly isTogether: boolean;
    }
  /** They are put into bags. */
  | { readonly kind: 'share'; readonly number: number };

export interface Story {
  readonly language: Language;
  /** Places among the names and the things. */
  readonly who: number;
  readonly other: number;
  readonly thing: number;
  /** What there is first; of boxes, in each of them. */
  readonly start: number;
  readonly boxes: number | undefined;
  readonly events: readonly StoryEvent[];
  readonly ending: Ending;
}

/** One calculation of a story. */
export interface StoryStep {
  /** What it is for: `compare` is about the other one. */
  readonly lead: keyof typeof LEADS | 'compare';
  readonly operator: '+' | '-' | '*' | '/';
  readonly left: number;
  readonly right: number;
  readonly result: number;
  /** Whether the right number is not told: it is the result of the step before, and the left one that before it. */
  readonly isOfBoth: boolean;
}

function calculate(operator: StoryStep['operator'], left: number, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

const COMPARISONS = { more: '+', fewer: '-', times: '*' } as const;

/** The calculations of a story, in their order; at least one of every story that asks for more than it tells. */
export function stepsOf({ start, boxes, events, ending }: Story): StoryStep[] {
  const steps: StoryStep[] = [];
  let value = start;
  const add = (
    lead: StoryStep['lead'],
    operator: StoryStep['operator'],
    left: number,
    right: number,
    isOfBoth = false,
  ) => {
    value = calculate(operator, left, right);
    steps.push({ lead, operator, left, right, result: value, isOfBoth });
  };
  if (boxes !== undefined) add('boxes', '*', boxes, start);
  for (const { verb, number } of events) {
    const { sign } = VERBS[verb] as (typeof VERBS)[number];
    add(sign, sign, value, number);
  }
  if (ending.kind === 'share') add('share', '/', value, ending.number);
  if (ending.kind === 'compare') {
    const own = value;
    add('compare', COMPARISONS[ending.by], own, ending.number);
    if (ending.isTogether) add('together', '+', own, value, true);
  }
  return steps;
}

/** Whether a story makes sense: all of its numbers are whole and above 0, and something is to be worked out. */
export function isSound(story: Story): boolean {
  const steps = stepsOf(story);
  const isNumber = (number: number) => Number.isSafeInteger(number) && number > 0;
  const { ending, who, other } = story;
  return (
    steps.length > 0 &&
    steps.every(({ left, right, result }) => [left, right, result].every(isNumber)) &&
    (ending.kind !== 'compare' || who !== other)
  );
}
