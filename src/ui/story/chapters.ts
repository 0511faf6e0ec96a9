// The chapters of the story, in their order: one truth for the list, the addresses and the places. See programs.ts for what
// they show.
import { writeAddress } from '../../state/address';

/** @property minutes to read it and to try what it offers */
export const CHAPTERS = [
  { name: 'predictor', minutes: 4 },
  { name: 'wall', minutes: 3 },
  { name: 'think', minutes: 4 },
  { name: 'rule', minutes: 3 },
  { name: 'step', minutes: 4 },
  { name: 'zero', minutes: 4 },
  { name: 'languages', minutes: 3 },
  { name: 'stages', minutes: 4 },
  { name: 'pupil', minutes: 3 },
  { name: 'scaling', minutes: 4 },
  { name: 'conversations', minutes: 3 },
  { name: 'preference', minutes: 5 },
  { name: 'selfPlay', minutes: 4 },
  { name: 'verdict', minutes: 3 },
] as const;

export type ChapterName = (typeof CHAPTERS)[number]['name'];

export function findChapter(name: string | undefined) {
  return CHAPTERS.find((chapter) => chapter.name === name);
}

/** A chapter's number, from 1, and its neighbours. */
export function placeOf(name: ChapterName) {
  const index = CHAPTERS.findIndex((chapter) => chapter.name === name);
  return { number: index + 1, count: CHAPTERS.length, previous: CHAPTERS[index - 1], next: CHAPTERS[index + 1] };
}

export const addressOf = (name: ChapterName) => writeAddress('story', name);
