// The vote among several answers: a bar for each distinct one, made of the samples that gave it. Choosing one shows it
// in the panes.
import { type ReactNode, useId, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseSample, useAsk } from '../../state/page/ask';
import { type TallyRow, tallyOf } from '../../state/tally';
import { Badge } from '../components/Badge';
import { Maths } from '../components/Maths';

export function Tally() {
  const { t } = useTranslation();
  const samples = useAsk((state) => state.samples);
  const { rows, unanswered, pending, numRight } = useMemo(() => tallyOf({ samples }), [samples]);
  const isDone = pending.length === 0;
  return (
    <section aria-labelledby="tally-title" className="border-b hairline py-4">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 id="tally-title" className="caps">
          {t('ask.tally')}
        </h2>
        {isDone && numRight !== undefined && (
          <p data-testid="share-right" className="text-fine">
            {t('ask.shareRight', { right: numRight, count: samples.length })}
          </p>
        )}
      </div>
      <fieldset>
        <legend className="mb-3 text-fine text-soft">{t('ask.tallyHelp')}</legend>
        <ol data-testid="tally" className="grid gap-2">
          {[...rows.entries()].map(([place, row]) => (
            <Bar key={row.answer} voters={row.samples} tint={tintOf(row)} name={<Maths text={row.answer} />}>
              <Mark isRight={row.isRight} />
              {isDone && place === 0 && <Badge>{t('ask.majority')}</Badge>}
            </Bar>
          ))}
          {unanswered.length > 0 && (
            <Bar voters={unanswered} tint="bg-wash" name={<Aside>{t('ask.unanswered')}</Aside>} />
          )}
          {pending.length > 0 && <Bar voters={pending} tint="bg-wash" name={<Aside>{t('ask.pending')}</Aside>} />}
        </ol>
      </fieldset>
    </section>
  );
}

function tintOf({ isRight }: TallyRow): string {
  if (isRight === undefined) return 'bg-accent/15';
  return isRight ? 'bg-good/25' : 'bg-bad/25';
}

function Aside({ children }: { readonly children: ReactNode }) {
  return <span className="font-sans text-fine text-soft">{children}</span>;
}

function Mark({ isRight }: Pick<TallyRow, 'isRight'>) {
  const { t } = useTranslation();
  if (isRight === undefined) return null;
  return (
    <span className={`text-fine ${isRight ? 'text-good' : 'text-bad'}`}>
      {isRight ? `✓ ${t('ask.stepMarks.right.label')}` : `✗ ${t('ask.stepMarks.wrong.label')}`}
    </span>
  );
}

interface BarProps {
  readonly voters: readonly number[];
  readonly tint: string;
  readonly name: ReactNode;
  readonly children?: ReactNode;
}

function Bar({ voters, tint, name, children }: BarProps) {
  const nameId = useId();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span id={nameId} className="min-w-24 font-voice text-lg">
        {name}
      </span>
      <span className="flex flex-wrap gap-0.5">
        {voters.map((sample) => (
          <Cell key={sample} sample={sample} tint={tint} rowId={nameId} />
        ))}
      </span>
      <b className="font-semibold">{voters.length}</b>
      {children}
    </li>
  );
}

interface CellProps {
  readonly sample: number;
  readonly tint: string;
  /** Where the answer is written that it gave. */
  readonly rowId: string;
}

function Cell({ sample, tint, rowId }: CellProps) {
  const { t } = useTranslation();
  const isChosen = useAsk((state) => state.chosen === sample);
  return (
    <label className="relative cursor-pointer">
      <input
        type="radio"
        name="sample"
        aria-label={t('ask.sample', { number: sample + 1 })}
        aria-describedby={rowId}
        checked={isChosen}
        onChange={() => chooseSample(sample)}
        className="peer absolute inset-0 cursor-pointer opacity-0"
      />
      <span
        aria-hidden
        className={`flex size-7 items-center justify-center rounded-sm text-xs peer-checked:bg-accent peer-checked:text-on-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent ${tint}`}
      >
        {sample + 1}
      </span>
    </label>
  );
}
