// What a model knows, by its card: the tasks of its tags, at the difficulty at which the card says it was made.
import { cardTags } from '../../lib/cardTags';
import { type Known, knownTasks } from '../../tasks/known';

export { examplesOf, nearestExample, reachOf } from '../../tasks/known';
export { findOwnProblem, findTask } from '../../tasks/registry';

/** Nothing where the card names no task. */
export function knownOfCard(markdown: string): readonly Known[] {
  return knownTasks(cardTags(markdown), difficultyOf(markdown));
}

/**
 * Every dial that the card sets: in the model's settings as JSON, in the command that makes it, or for the problems that it was
 * measured on. A card may say anything.
 */
function difficultyOf(markdown: string): Known['difficulty'] {
  const inCommand = [...markdown.matchAll(/--difficulty[= ]([\w.]+)=(\d+)/g)];
  const inJson = /"difficulty":\s*\{([^{}]*)\}/.exec(markdown)?.[1] ?? '';
  const measuredOn = /no training sees \(([\w., ]*)\)/.exec(markdown)?.[1] ?? '';
  const entries = [...inJson.matchAll(/"([\w.]+)":\s*(\d+)/g), ...inCommand, ...measuredOn.matchAll(/([\w.]+) (\d+)/g)];
  return Object.fromEntries(entries.map(([, name = '', value]) => [name, Number(value)]));
}
