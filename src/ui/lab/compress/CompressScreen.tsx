// The model as a compressor: a text packed token by token, beside gzip, and unpacked again.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { rng } from '../../../lib/rng';
import { MOST_PACKED_BYTES } from '../../../protocol/laboratory';
import { pack, stopPacking, unpack, usePacking, writeText } from '../../../state/page/packing';
import { useSession } from '../../../state/page/session';
import { document as corpusDocument, corpusSettings } from '../../../tasks/corpus';
import { completeDifficulty } from '../../../tasks/difficulty';
import { getTask } from '../../../tasks/registry';
import { ProblemNote } from '../../components/ProblemNote';
import { useFormat } from '../../format';
import { Checkpoints } from './Checkpoints';
import { PackedPieces } from './PackedPieces';

let drawn = 0;

/** A text of a kind that the shipped models learned from, on a problem that no training saw. */
function heldOutText(): string {
  const task = getTask('chained_sums');
  const settings = corpusSettings({ think_share: 1, self_check_share: 0 });
  const draw = rng(drawn++, 'corpus', 0, 1);
  const { question, completion } = corpusDocument(task, completeDifficulty(task.dials, {}), settings, draw, 'held-out');
  return question + completion;
}

export default function CompressScreen() {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('packing.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('packing.intro')}</p>
      <div className="mt-6 grid gap-x-12 gap-y-10 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Bench />
        <Checkpoints />
      </div>
    </>
  );
}

function Bench() {
  const { t } = useTranslation();
  const id = useId();
  const { text, status, pieces, total, packed, isSame, problem } = usePacking();
  const model = useSession((session) => session.model?.name);
  const isBusy = status === 'packing' || status === 'unpacking';
  const isLong = new TextEncoder().encode(text).length > MOST_PACKED_BYTES;
  return (
    <section aria-labelledby={`${id}-title`} className="min-w-0">
      <h2 id={`${id}-title`} className="caps mb-2">
        {t('packing.bench')}
      </h2>
      <label htmlFor={id} className="text-fine text-soft">
        {t('packing.text', { most: MOST_PACKED_BYTES })}
      </label>
      <textarea
        id={id}
        rows={4}
        spellCheck={false}
        value={text}
        disabled={isBusy}
        aria-invalid={isLong}
        onChange={(event) => writeText(event.target.value)}
        className="field mt-1 block p-2 font-mono text-fine"
      />
      <div className="mt-3 flex flex-wrap gap-2">
        <button type="button" className="button" disabled={isBusy} onClick={() => writeText(heldOutText())}>
          {t('packing.take')}
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={isBusy || text === '' || isLong || model === undefined}
          onClick={() => void pack()}
        >
          {t('packing.pack', { model: model ?? '…' })}
        </button>
        {packed && (
          <button type="button" className="button" disabled={isBusy} onClick={() => void unpack()}>
            {t('packing.unpack')}
          </button>
        )}
        {isBusy && (
          <button type="button" className="button" onClick={() => void stopPacking()}>
            {t('packing.stop')}
          </button>
        )}
      </div>
      {problem && <ProblemNote problem={problem} />}
      <p role="status" className="mt-3 min-h-6">
        {isBusy && t(`packing.${status}`, { done: pieces.length, total })}
        {isSame !== undefined && (
          <span className={isSame ? 'text-good' : 'text-bad'}>{t(isSame ? 'packing.same' : 'packing.different')}</span>
        )}
      </p>
      {pieces.length > 0 && <PackedPieces pieces={pieces} />}
      {packed && <Sizes />}
    </section>
  );
}

function Sizes() {
  const { t } = useTranslation();
  const format = useFormat();
  const packed = usePacking((packing) => packing.packed);
  if (!packed) return null;
  const { originalBytes, payloadBytes, file, gzipBytes } = packed;
  const rows = [
    ['original', originalBytes],
    ['payload', payloadBytes],
    ['file', file.length],
    ['gzip', gzipBytes],
  ] as const;
  return (
    <table className="mt-5 w-full max-w-md text-left" data-testid="sizes">
      <caption className="sr-only">{t('packing.sizes')}</caption>
      <thead className="text-fine text-soft">
        <tr>
          <th scope="col" className="font-normal">
            {t('packing.what')}
          </th>
          <th scope="col" className="text-right font-normal">
            {t('packing.bytes')}
          </th>
          <th scope="col" className="text-right font-normal">
            {t('packing.perByte')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, bytes]) => (
          <tr key={name} className="border-t border-dotted border-line">
            <th scope="row" className="py-1 font-normal">
              {t(`packing.row.${name}`)}
            </th>
            <td className="text-right">{format.number(bytes)}</td>
            <td className="text-right">{format.number((8 * bytes) / Math.max(1, originalBytes), 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
