// The program, line by line: coloured, the line run last marked, and under each line that hands something out what it found.
import { memo, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SCROLLABLE } from '../components/scrollable';
import source from './grpo.ts?raw';
import { type CodePiece, highlight } from './highlight';
import { type FoundName, lineOf, type Progress } from './session';

const NAMES = ['questions', 'groups', 'rewards', 'advantages', 'loss', 'norm', 'update'] as const satisfies FoundName[];

export function Program({ progress, isFollowed }: { readonly progress: Progress; readonly isFollowed: boolean }) {
  const { t } = useTranslation();
  const lines = useMemo(() => highlight(source.trimEnd()), []);
  const places = useMemo(() => new Map<number, FoundName>(NAMES.map((name) => [lineOf(source, name), name])), []);
  const box = useRef<HTMLElement>(null);
  const { at, values } = progress;
  useEffect(() => {
    const line = box.current?.querySelector<HTMLElement>('[aria-current]');
    if (!isFollowed || at === undefined || !box.current || !line) return;
    const top = line.offsetTop - box.current.offsetTop;
    const { scrollTop, clientHeight } = box.current;
    if (top < scrollTop + 40 || top > scrollTop + clientHeight - 120) box.current.scrollTop = top - clientHeight / 2;
  }, [at, isFollowed]);
  return (
    <section
      {...SCROLLABLE}
      ref={box}
      aria-label={t('onePage.code')}
      data-testid="program"
      className="code h-[70vh] overflow-auto rounded-lg border hairline bg-raised py-2 font-mono text-[0.75rem] leading-[1.6]"
    >
      <ol>
        {[...lines.entries()].map(([i, pieces]) => {
          const name = places.get(i);
          return (
            <Line
              key={i}
              number={i + 1}
              pieces={pieces}
              isCurrent={name !== undefined && name === at}
              value={name === undefined ? undefined : values[name]}
            />
          );
        })}
      </ol>
    </section>
  );
}

interface LineProps {
  readonly number: number;
  readonly pieces: readonly CodePiece[];
  readonly isCurrent: boolean;
  readonly value: string | undefined;
}

const Line = memo(function Line({ number, pieces, isCurrent, value }: LineProps) {
  return (
    <li aria-current={isCurrent ? 'step' : undefined} className="aria-[current]:bg-wash">
      <span className="flex pr-4">
        <span aria-hidden className="w-8 shrink-0 pr-2 text-right text-soft select-none sm:w-12 sm:pr-4">
          {number}
        </span>
        <code className="min-w-0 wrap-anywhere whitespace-pre-wrap">
          {[...pieces.entries()].map(([i, { text, classes }]) =>
            classes === '' ? (
              text
            ) : (
              <span key={i} className={classes}>
                {text}
              </span>
            ),
          )}
        </code>
      </span>
      {value !== undefined && (
        <output className="mr-4 mb-1 ml-8 block border-l-2 border-accent pl-2 whitespace-pre-wrap text-accent sm:ml-16">
          {value}
        </output>
      )}
    </li>
  );
});
