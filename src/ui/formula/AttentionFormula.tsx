// What one token attends to: in a layer and a head of one's choice the tokens before it, shaded by how much each counts, and
// of one of them how query and key came to that. Self-contained: it shows what its props say and asks nobody.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TokenAttention } from '../../protocol/protocol';
import { useFormat } from '../format';
import { scoreTex, weightTex } from './attentionTex';
import { FormulaPart } from './FormulaStep';
import { plainNumber } from './numbers';
import { type ChooserToken, TokenChooser } from './TokenChooser';

/** Of those that count most, so many are told in numbers. */
const MOST_BARS = 5;

export default function AttentionFormula({ attention }: { readonly attention: TokenAttention }) {
  const { t } = useTranslation();
  const { tokens, layers } = attention;
  const [row, setRow] = useState(0);
  const [chosenHead, setHead] = useState(0);
  const [pointed, point] = useState<number>();
  const layer = layers[Math.min(row, layers.length - 1)];
  if (!layer) return null;
  const head = Math.min(chosenHead, layer.heads.length - 1);
  const weights = layer.heads[head]?.weights ?? [];
  const strongest = Math.max(...weights);
  const byWeight = [...weights.keys()].sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0));
  // At first the one that counts most.
  const at = pointed !== undefined && pointed < weights.length ? pointed : (byWeight[0] ?? 0);
  const name = (i: number) => nameOf(tokens[layer.first + i] ?? '', t('formula.tokenEnd'));
  const shown = weights.map((weight, i): ChooserToken => {
    return {
      text: name(i),
      label: t('formula.attendLabel', { text: name(i), weight: plainNumber(weight) }),
      tint: weight / strongest,
      isDashed: i === weights.length - 1,
      isSmall: name(i).length > 3,
    };
  });
  const isSplit = layer.contentWidth > 0;
  return (
    <section
      aria-label={t('formula.attention')}
      data-testid="attention-formula"
      className="mt-2 border-l-2 border-accent pl-4"
    >
      <h3 className="caps">{t('formula.attention')}</h3>
      <p className="max-w-prose text-fine text-soft">{t('formula.attentionHelp')}</p>
      <div className="mt-2 flex flex-wrap gap-x-5 gap-y-1">
        <Chooser label={t('formula.routerLayer')} count={layers.length} value={row} onChoose={setRow} />
        <Chooser label={t('formula.attentionHead')} count={layer.heads.length} value={head} onChoose={setHead} />
      </div>
      <TokenChooser label={t('formula.attendTokens')} tokens={shown} chosen={at} onChoose={point} />
      <Bars weights={weights} places={byWeight.slice(0, MOST_BARS)} name={name} />
      <div className="mt-2 grid gap-x-10 gap-y-4 md:grid-cols-2">
        <FormulaPart
          formula={scoreTex(layer, head, at)}
          title={t('formula.attendScoreTitle', { text: name(at) })}
          note={
            isSplit
              ? t('formula.attendSplit', { content: layer.contentWidth, position: layer.positionWidth })
              : t('formula.attendWhole')
          }
        />
        <FormulaPart formula={weightTex(layer, head, at)} title={t('formula.attendWeightTitle', { text: name(at) })} />
      </div>
    </section>
  );
}

const nameOf = (text: string, end: string) => (text === '' ? end : text.trim() === '' ? '␣' : text.trim());

interface ChooserProps {
  readonly label: string;
  readonly count: number;
  readonly value: number;
  readonly onChoose: (index: number) => void;
}

function Chooser({ label, count, value, onChoose }: ChooserProps) {
  return (
    <label className="inline-flex items-center gap-2 text-fine text-soft">
      {label}
      <select className="field w-auto" value={value} onChange={(event) => onChoose(Number(event.target.value))}>
        {[...Array(count).keys()].map((index) => (
          <option key={index} value={index}>
            {index}
          </option>
        ))}
      </select>
    </label>
  );
}

interface BarsProps {
  readonly weights: readonly number[];
  readonly places: readonly number[];
  readonly name: (place: number) => string;
}

function Bars({ weights, places, name }: BarsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ol aria-label={t('formula.attendMost')} className="mt-2 max-w-sm text-fine">
      {places.map((place) => (
        <li key={place} className="grid grid-cols-[4rem_minmax(0,1fr)_3.5rem] items-center gap-3">
          <span className="text-right font-mono">{name(place)}</span>
          <span aria-hidden className="h-2.5 overflow-hidden rounded-xs bg-line">
            <span className="block h-full bg-good" style={{ width: `${100 * (weights[place] ?? 0)}%` }} />
          </span>
          <span className="text-right">{format.percent(weights[place] ?? 0, 1)}</span>
        </li>
      ))}
    </ol>
  );
}
