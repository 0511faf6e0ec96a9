// What a model knows, by its card: the tasks of its tags, at the difficulty at which the card says it was made.
import { cardTags } from '../../lib/cardTags';
import type { Known } from '../../tasks/known';
import { allTasks } from '../../tasks/registry';
import type { Dial, Difficulty } from '../../tasks/task';

/** Nothing where the card names no task. */
export function knownOfCard(markdown: string): readonly Known[] {
  const tags = cardTags(markdown);
  const settings = difficultySettings(markdown);
  return allTasks()
    .filter(({ name }) => tags.includes(name))
    .map(({ name, dials }) => ({ task: name, difficulty: settingOf(dials, settings) }));
}

/** Every dial that the card sets: in the command that makes the model, or in its settings as JSON. */
function difficultySettings(markdown: string): Difficulty {
  const inCommand = [...markdown.matchAll(/--difficulty[= ](\w+)=(\d+)/g)];
  const inJson = /"difficulty":\s*\{([^{}]*)\}/.exec(markdown)?.[1] ?? '';
  const entries = [...[...inJson.matchAll(/"(\w+)":\s*(\d+)/g)], ...inCommand];
  return Object.fromEntries(entries.map(([, name = '', value]) => [name, Number(value)]));
}

/** Each dial as it was set, or as it is by itself; a card may say anything. */
function settingOf(dials: readonly Dial[], settings: Difficulty): Difficulty {
  return Object.fromEntries(
    dials.map(({ name, min, max, default: fallback }) => {
      const value = settings[name] ?? fallback;
      return [name, value >= min && value <= max ? value : fallback];
    }),
  );
}
