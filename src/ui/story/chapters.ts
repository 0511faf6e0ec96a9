// The chapters of the story, in their order; each comes when it is opened. One truth for the list, the addresses and the places.
import { writeAddress } from '../../state/address';
import { lazyPart } from '../i18n/lazyPart';

export const CHAPTERS = [
  { name: 'think', minutes: 4, Content: lazyPart('later', () => import('./chapters/think')) },
  { name: 'rule', minutes: 3, Content: lazyPart('later', () => import('./chapters/rule')) },
  { name: 'step', minutes: 4, Content: lazyPart('later', () => import('./chapters/step')) },
] as const;

export type ChapterName = (typeof CHAPTERS)[number]['name'];

/** Chapters that the story has a place for, and no more yet. */
export const LATER = ['preference', 'selfPlay', 'scaling', 'chats'] as const;

export function findChapter(name: string | undefined) {
  return CHAPTERS.find((chapter) => chapter.name === name);
}

/** A chapter's number, from 1, and its neighbours. */
export function placeOf(name: ChapterName) {
  const index = CHAPTERS.findIndex((chapter) => chapter.name === name);
  return { number: index + 1, count: CHAPTERS.length, previous: CHAPTERS[index - 1], next: CHAPTERS[index + 1] };
}

export const addressOf = (name: ChapterName) => writeAddress('story', name);
