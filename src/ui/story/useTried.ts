// Which chapters the reader has tried: those of which something came out.
import { useStory } from '../../state/page/story';
import { CHAPTERS, type ChapterName } from './chapters';

/** Questions are named after their chapter: `rule.right`. */
export function useTried(): ReadonlySet<ChapterName> {
  const predictions = useStory((story) => story.predictions);
  const tried = Object.entries(predictions).flatMap(([question, { came }]) =>
    came === undefined ? [] : [question.split('.')[0]],
  );
  return new Set(CHAPTERS.flatMap(({ name }) => (tried.includes(name) ? [name] : [])));
}
