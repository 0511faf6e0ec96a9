// What a model knows, by its card: the tasks of its tags, at the difficulty at which the card says it was made.
import { cardTags } from '../../lib/cardTags';
import { type Known, knownTasks, partsOf } from '../../tasks/known';
import { findTask } from '../../tasks/registry';
import type { Language } from '../../tasks/task';

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

/** How what a model knows is told. */
export interface KnownWording {
  readonly language: Language;
  /** From a number to another. */
  readonly span: (min: number, max: number) => string;
  /** Of a mixture, the tasks without their sizes. */
  readonly isBrief?: boolean;
}

/** The end of a sentence that says what a model knows; of a mixture each task with its size. */
export function knownInWords(known: Known, wording: KnownWording): string {
  const { language, isBrief } = wording;
  const parts = partsOf(known).map((part) => {
    const { label, size } = findTask(part.task)?.about[language] ?? { label: part.task };
    const name = label.toLowerCase();
    if (size === undefined || isBrief) return name;
    const sized = fill(size, part.difficulty, wording);
    return language === 'zh' ? `${name}（${sized}）` : `${name} (${sized})`;
  });
  const tasks = parts.join(language === 'zh' ? '、' : ', ');
  const knows = findTask(known.task)?.about[language].knows ?? known.task;
  return fill(knows.replace('{{tasks}}', tasks), known.difficulty, wording);
}

/** Puts dials into a text: `{{terms}}` where there are `min_terms` and `max_terms`. */
function fill(text: string, difficulty: Known['difficulty'], { span }: KnownWording): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const [min, max] = [difficulty[`min_${name}`], difficulty[`max_${name}`]];
    if (min === undefined || max === undefined) return `${difficulty[name] ?? ''}`;
    return min === max ? `${max}` : span(min, max);
  });
}
