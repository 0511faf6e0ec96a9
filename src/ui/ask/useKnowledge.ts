// What the loaded model knows, in words; and what is to be said of a question before it is asked.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../state/session';
import { examplesOf, type Known, nearestExample, type Reach, reachOf } from '../../tasks/known';
import { knownOfCard } from './knowledge';

const NOTHING: readonly Known[] = [];

/** What the loaded model knows; undefined while there is none. */
export function useKnown(): readonly Known[] | undefined {
  const isThere = useSession((session) => session.model !== undefined);
  const readme = useSession((session) => session.model?.readme);
  return useMemo(
    () => (isThere ? (readme === undefined ? NOTHING : knownOfCard(readme)) : undefined),
    [isThere, readme],
  );
}

/** Questions to try: a few of each task that the model knows. */
export function useExamples(): readonly string[] {
  const known = useKnown();
  return useMemo(() => {
    const lists = (known ?? []).map(examplesOf);
    return lists.length === 1 ? (lists[0] ?? []) : lists.flatMap((list) => list.slice(0, 2));
  }, [known]);
}

export interface Said {
  readonly sentence: string;
  readonly reach: Reach;
  /** To ask instead. */
  readonly nearest?: string | undefined;
}

/** What is said of a question that is typed, `''` while there is none. */
export function useSaid(question: string): Said | undefined {
  const { t } = useTranslation();
  const known = useKnown();
  const model = useSession((session) => session.model?.name);
  if (known === undefined || model === undefined) return undefined;
  if (known.length === 0) return { sentence: t('ask.knowsUnsaid', { model }), reach: 'inside' };
  const what = known.map((one) => inWords(one)).join('; ');
  const reach = question.trim() === '' ? 'inside' : reachOf(question, known);
  const key = ({ inside: 'ask.knows', near: 'ask.knowsNear', outside: 'ask.knowsOutside' } as const)[reach];
  const nearest = reach === 'inside' ? undefined : nearestExample(question, known);
  return { sentence: t(key, { model, what }), reach, nearest };

  function inWords({ task, difficulty }: Known): string {
    const span = (name: string) => {
      const [min, max] = [difficulty[`min_${name}`], difficulty[`max_${name}`]];
      return min === max ? `${max}` : t('ask.span', { min, max });
    };
    const key = `ask.knowledge.${task}` as 'ask.knowledge.mixture';
    return t(key, { ...difficulty, terms: span('terms'), digits: span('digits') });
  }
}
