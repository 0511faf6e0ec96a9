// How the router of a layer chose the experts of one token: every expert's score and bias, the chosen, and what each counts for.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LayerChoices } from '../../protocol/protocol';
import { SCROLLABLE } from '../components/scrollable';
import { FormulaPart } from './FormulaStep';
import { plainNumber } from './numbers';
import { choiceTex, gateTex } from './routerTex';

interface RouterFormulaProps {
  readonly layers: readonly LayerChoices[];
  /** Place of the token in the answer. */
  readonly token: number;
}

export default function RouterFormula({ layers, token }: RouterFormulaProps) {
  const { t } = useTranslation();
  const [row, setRow] = useState(0);
  const layer = layers[Math.min(row, layers.length - 1)];
  const scores = layer?.scores[token];
  const chosen = layer?.tokens[token];
  if (!layer || !scores || !chosen) return null;
  const routed = { scores, chosen };
  const gate = gateTex(layer, routed);
  return (
    <section
      aria-label={t('formula.router')}
      data-testid="router-formula"
      className="mt-2 border-l-2 border-accent pl-4"
    >
      <h3 className="caps">{t('formula.router')}</h3>
      <p className="max-w-prose text-fine text-soft">{t('formula.routerHelp')}</p>
      {layers.length > 1 && (
        <label className="mt-2 inline-flex items-center gap-2 text-fine text-soft">
          {t('formula.routerLayer')}
          <select className="field w-auto" value={row} onChange={(event) => setRow(Number(event.target.value))}>
            {[...layers.entries()].map(([index, one]) => (
              <option key={one.layer} value={index}>
                {one.layer}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="mt-2 grid gap-x-10 gap-y-4 md:grid-cols-2">
        <FormulaPart formula={choiceTex(layer, routed)} title={t('formula.routerChoice')} />
        {gate && <FormulaPart formula={gate} title={t('formula.routerGate')} />}
      </div>
      <Scores layer={layer} scores={scores} chosen={chosen} />
    </section>
  );
}

interface ScoresProps {
  readonly layer: LayerChoices;
  readonly scores: readonly number[];
  readonly chosen: LayerChoices['tokens'][number];
}

/** Every expert in a row: score, bias, both together as a bar, and the weight of the chosen. */
function Scores({ layer: { router }, scores, chosen }: ScoresProps) {
  const { t } = useTranslation();
  const sums = scores.map((score, expert) => score + (router.bias[expert] ?? 0));
  const most = Math.max(...sums);
  return (
    <section {...SCROLLABLE} aria-label={t('formula.routerScores')} className="mt-2 scroll-x">
      <table className="text-fine">
        <thead className="text-soft">
          <tr>
            {(['expert', 'score', 'bias', 'sum', 'weight'] as const).map((name) => (
              <th key={name} scope="col" className="pr-5 text-left font-normal">
                {t(`formula.routerColumn.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...scores.entries()].map(([expert, score]) => {
            const weight = chosen.find((one) => one.expert === expert)?.weight;
            return (
              <tr
                key={expert}
                data-chosen={weight !== undefined}
                className={weight === undefined ? '' : 'font-semibold'}
              >
                <th scope="row" className="pr-5 text-left font-normal">
                  {expert}
                </th>
                <td className="pr-5">{plainNumber(score)}</td>
                <td className="pr-5">{router.bias.length > 0 ? plainNumber(router.bias[expert] ?? 0) : '–'}</td>
                <td className="pr-5">
                  <span className="inline-flex w-40 items-center gap-2">
                    <span
                      aria-hidden
                      className={`h-2.5 rounded-xs ${weight === undefined ? 'bg-faint' : 'bg-accent'}`}
                      style={{ width: `${Math.max(0, (sums[expert] ?? 0) / most) * 60}%` }}
                    />
                    {plainNumber(sums[expert] ?? 0)}
                  </span>
                </td>
                <td>{weight === undefined ? '' : plainNumber(weight)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
