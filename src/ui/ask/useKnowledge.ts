// What the loaded model knows, in words; and what is to be said of a question before it is asked.
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import { useSession } from '../../state/page/session';
import type { Known, Reach } from '../../tasks/known';
import { painted } from '../painted';

type Knowledge = typeof import('./knowledge');

const useLoaded = create<{ readonly knowledge?: Knowledge }>()(() => ({}));

/** The tasks are fetched beside the model: nothing can be said before it is there. */
function useFetchedKnowledge(): Knowledge | undefined {
  const fetched = useLoaded((state) => state.knowledge);
  useEffect(() => {
    if (!fetched) void painted.then(() => import('./knowledge')).then((knowledge) => useLoaded.setState({ knowledge }));
  }, [fetched]);
  return fetched;
}

/** The reader's own problems, where there are any: what is asked may be one of them. */
function useOwnExamples(): readonly string[] {
  const tasks = useSession((session) => session.catalogue?.tasks);
  const own = useMemo(() => tasks?.filter(({ ownName }) => ownName !== undefined) ?? [], [tasks]);
  const isAny = own.length > 0;
  useEffect(() => {
    if (isAny) void import('../../state/page/problemSets').then((problems) => problems.refreshProblemSets());
  }, [isAny]);
  return useMemo(() => own.flatMap(({ examples }) => examples.slice(0, 2)), [own]);
}

interface OfModel extends Knowledge {
  readonly known: readonly Known[];
}

/** What the loaded model knows, and how to tell from it; undefined while there is none. */
function useKnowledge(): OfModel | undefined {
  const knowledge = useFetchedKnowledge();
  const isThere = useSession((session) => session.model !== undefined);
  const readme = useSession((session) => session.model?.readme);
  return useMemo(
    () => (isThere && knowledge ? { ...knowledge, known: knowledge.knownOfCard(readme ?? '') } : undefined),
    [knowledge, isThere, readme],
  );
}

const NONE: readonly string[] = [];

/** Questions to try: a few of each task that the model knows, and of the reader's own problems. */
export function useExamples(): readonly string[] {
  const knowledge = useKnowledge();
  const own = useOwnExamples();
  return useMemo(() => {
    if (knowledge === undefined) return NONE;
    const lists = knowledge.known.map(knowledge.examplesOf);
    const known = lists.length === 1 ? (lists[0] ?? NONE) : lists.flatMap((list) => list.slice(0, 2));
    return [...new Set([...known, ...own])];
  }, [knowledge, own]);
}

/** Where a question lies from what the model knows; undefined where that is not known. */
export function useReach(question: string): Reach | undefined {
  const knowledge = useKnowledge();
  return knowledge && knowledge.known.length > 0 ? knowledge.reachOf(question, knowledge.known) : undefined;
}

export interface Said {
  readonly sentence: string;
  /** The same where there is little room. */
  readonly brief?: string;
  readonly reach: Reach;
  /** To ask instead. */
  readonly nearest?: string | undefined;
}

/** What is said of a question that is typed, `''` while there is none. */
export function useSaid(question: string): Said | undefined {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'zh' ? 'zh' : 'en';
  const knowledge = useKnowledge();
  const model = useSession((session) => session.model?.name);
  if (knowledge === undefined || model === undefined) return undefined;
  const { known, reachOf, nearestExample } = knowledge;
  const own = knowledge.findOwnProblem(question);
  if (own) {
    const name = knowledge.findTask(own.task)?.about[language].label ?? '';
    return { sentence: t('ask.knowsOwn', { name }), reach: 'inside' };
  }
  if (known.length === 0) return { sentence: t('ask.knowsUnsaid', { model }), reach: 'inside' };
  const reach = question.trim() === '' ? 'inside' : reachOf(question, known);
  const key = (
    {
      inside: 'ask.knows',
      near: 'ask.knowsNear',
      outside: 'ask.knowsOutside',
      tooLong: 'ask.knowsTooLong',
    } as const
  )[reach];
  const nearest = reach === 'inside' ? undefined : nearestExample(question, known);
  const tell = (isBrief: boolean) => {
    const span = (min: number, max: number) => t('ask.span', { min, max });
    const what = known.map((one) => knowledge.knownInWords(one, { language, span, isBrief })).join('; ');
    return t(key, { model, what });
  };
  return { sentence: tell(false), brief: tell(true), reach, nearest };
}
