// The model as a compressor: a text packed token by token, beside gzip, and unpacked again.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { MOST_PACKED_BYTES } from '../../../protocol/laboratory';
import { pack, stopPacking, unpack, usePacking, writeText } from '../../../state/page/packing';
import { useSession } from '../../../state/page/session';
import { ProblemNote } from '../../components/ProblemNote';
import { Checkpoints } from './Checkpoints';
import { heldOutText } from './heldOutText';
import { PackedPieces } from './PackedPieces';
import { PackedSizes } from './PackedSizes';

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
      <PackedSizes />
    </section>
  );
}
