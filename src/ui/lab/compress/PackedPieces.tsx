// A text in the pieces that it was packed in, each with its bits: the more a piece surprised, the higher it stands.
import { useTranslation } from 'react-i18next';
import type { CodedPiece } from '../../../protocol/laboratory';
import { SCROLLABLE } from '../../components/scrollable';
import { useFormat } from '../../format';

/** Bits that fill a bar. */
const FULL_BITS = 8;
const FULL_REM = 1.5;

export function PackedPieces({ pieces }: { readonly pieces: readonly CodedPiece[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bits = pieces.reduce((sum, piece) => sum + piece.bits, 0);
  return (
    <figure>
      <figcaption className="text-fine text-soft">
        {t('packing.pieces', { count: pieces.length, bits: format.number(bits, 1) })}
      </figcaption>
      <section className="mt-2 max-h-72 scroll-y" {...SCROLLABLE} aria-label={t('packing.strip')}>
        <ol className="flex flex-wrap gap-x-px gap-y-1">
          {[...pieces.entries()].map(([i, { text, bits: cost, isToken }]) => (
            <li
              key={i}
              className="flex flex-col items-center justify-end"
              title={t('packing.cost', { text, bits: format.number(cost, 2) })}
            >
              <span
                aria-hidden
                className={`w-full min-w-2 ${isToken ? 'bg-accent' : 'bg-bad'}`}
                style={{ height: `${(Math.min(cost, FULL_BITS) / FULL_BITS) * FULL_REM}rem` }}
              />
              <span className="px-0.5 font-mono text-fine whitespace-pre">{text === '\n' ? '↵' : text}</span>
              <span className="px-0.5 text-[0.6875rem] text-soft">{format.number(cost, 1)}</span>
            </li>
          ))}
        </ol>
      </section>
    </figure>
  );
}
