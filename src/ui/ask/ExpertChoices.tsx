// Which routed experts the tokens of an answer go to: by layer and expert a bar of how many of its tokens it gets, and outlined
// those of the token that is looked at. The engine finds it out when this is opened.
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LayerChoices } from '../../protocol/protocol';
import { shownSample } from '../../state/askReducer';
import { readExpertChoices, useAsk } from '../../state/page/ask';
import { setPreferences, usePreferences } from '../../state/page/preferences';
import { ProblemNote } from '../components/ProblemNote';
import { Switch } from '../components/Switch';
import { SCROLLABLE } from '../components/scrollable';
import { type LoadCell, loadCells, loadOfChoices } from '../experts/load';
import { useFormat } from '../format';
import { lazyPart } from '../i18n/lazyPart';

const RouterFormula = lazyPart('formula', () => import('../formula/RouterFormula'));

/** Of more experts than this the weights are told below the table, not in its cells. */
const MAX_ROOMY_EXPERTS = 16;
const BAR = 'color-mix(in oklab, var(--color-accent) 30%, var(--color-paper))';

/** @param token place in the answer of the token that is looked at. */
export function ExpertChoices({ token }: { readonly token: number | undefined }) {
  const { t } = useTranslation();
  const isOpen = usePreferences((preferences) => preferences.showExperts);
  const askId = useAsk((state) => state.askId);
  const sample = useAsk((state) => state.chosen);
  const choices = useAsk((state) => shownSample(state).choices);
  useEffect(() => {
    if (isOpen && askId !== undefined && sample >= 0) void readExpertChoices();
  }, [isOpen, askId, sample]);
  return (
    <div className="mt-2">
      <Switch checked={isOpen} onChange={(showExperts) => setPreferences({ showExperts })}>
        {t('ask.showExperts')}
      </Switch>
      {isOpen && choices === undefined && <p className="mt-2 text-fine text-soft">{t('ask.expertsReading')}</p>}
      {isOpen && choices?.ok === false && <ProblemNote problem={choices.error} />}
      {isOpen && choices?.ok && <Layers layers={choices.value} token={token} />}
    </div>
  );
}

interface LayersProps {
  readonly layers: readonly LayerChoices[];
  readonly token: number | undefined;
}

function Layers({ layers, token }: LayersProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [first] = layers;
  if (first === undefined) return <p className="mt-2 text-fine text-soft">{t('ask.expertsNone')}</p>;
  const rows = loadCells(loadOfChoices(layers));
  const count = first.tokens.length;
  const chosenIn = (row: number) => (token === undefined ? [] : (layers[row]?.tokens[token] ?? []));
  return (
    <>
      <p className="mt-2 max-w-prose text-fine text-soft">
        {t('ask.expertsHelp', { chosen: first.tokens[0]?.length, count: first.numExperts })}
      </p>
      <section {...SCROLLABLE} aria-label={t('ask.showExperts')} className="mt-2 scroll-x py-1">
        <table data-testid="expert-choices" className="border-separate border-spacing-0.5 text-fine">
          <thead>
            <tr>
              <td />
              {rows[0]?.map(({ expert }) => (
                <th key={expert} scope="col" className="font-normal text-soft">
                  <span className="sr-only">{t('model.expert', { expert })}</span>
                  <span aria-hidden>{expert}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...rows.entries()].map(([row, cells]) => (
              <tr key={row}>
                <th scope="row" className="pr-2 text-left font-normal whitespace-nowrap text-soft">
                  {t('model.layer', { layer: cells[0]?.layer })}
                </th>
                {cells.map((cell) => (
                  <Cell
                    key={cell.expert}
                    cell={cell}
                    most={Math.max(...cells.map((one) => one.count))}
                    numTokens={count}
                    weight={chosenIn(row).find(({ expert }) => expert === cell.expert)?.weight}
                    isRoomy={cells.length <= MAX_ROOMY_EXPERTS}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p data-testid="token-experts" className="min-h-6 text-fine text-soft">
        {token === undefined
          ? t('ask.expertsPoint')
          : [...layers.entries()].map(([row, { layer }]) => (
              <span key={layer} className="mr-4 inline-block">
                {t('model.layer', { layer })}:{' '}
                {chosenIn(row).map(({ expert, weight }) => (
                  <span key={expert} className="mr-2 text-ink">
                    {expert} <span className="text-soft">({weight.toFixed(2)})</span>
                  </span>
                ))}
              </span>
            ))}
      </p>
      {token !== undefined && (
        <>
          <button
            type="button"
            className="link min-h-6 text-fine"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {t('ask.routerFormula')}
          </button>
          {isOpen && (
            <Suspense>
              <RouterFormula layers={layers} token={token} />
            </Suspense>
          )}
        </>
      )}
    </>
  );
}

interface CellProps {
  readonly cell: LoadCell;
  /** Tokens of the layer's busiest expert. */
  readonly most: number;
  readonly numTokens: number;
  /** What it counts for in the token that is looked at, if that goes to it. */
  readonly weight: number | undefined;
  readonly isRoomy: boolean;
}

function Cell({ cell: { layer, expert, count }, most, numTokens, weight, isRoomy }: CellProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = format.percent(count / Math.max(1, numTokens));
  const height = `${Math.round((100 * count) / Math.max(1, most))}%`;
  return (
    <td
      title={t('ask.expertShare', { layer, expert, share })}
      data-chosen={weight !== undefined}
      className={`h-9 rounded-sm p-0 text-center ${isRoomy ? 'w-12 min-w-8' : 'w-4 min-w-4'} ${weight === undefined ? '' : 'outline-2 outline-accent'}`}
      style={{ background: `linear-gradient(to top, ${BAR} ${height}, var(--color-wash) ${height})` }}
    >
      <span className="sr-only">{share}</span>
      {weight !== undefined && isRoomy && <b className="font-semibold">{weight.toFixed(2)}</b>}
    </td>
  );
}
