// The claim of the predictor's chapter taken at its word: a held-out text packed by the loaded model, beside gzip.
import { useTranslation } from 'react-i18next';
import { pack, usePacking, writeText } from '../../state/page/packing';
import { useSession } from '../../state/page/session';
import { heldOutText } from '../lab/compress/heldOutText';
import { PackedPieces } from '../lab/compress/PackedPieces';
import { PackedSizes } from '../lab/compress/PackedSizes';
import { Prose } from './Prose';
import { Stage, Start } from './Stage';

export default function TakeItAtItsWord() {
  const { t } = useTranslation();
  const { status, pieces, packed, problem } = usePacking();
  const isReady = useSession(({ model }) => model !== undefined);
  const run = () => {
    writeText(heldOutText());
    void pack();
  };
  return (
    <>
      <Stage title={t('story.predictor.pack')} problem={problem}>
        <Start
          label={t(packed ? 'story.predictor.packAgain' : 'story.predictor.pack')}
          onStart={run}
          isBusy={status === 'packing' || status === 'unpacking' || !isReady}
        />
        {pieces.length > 0 && (
          <div className="mt-3">
            <PackedPieces pieces={pieces} />
          </div>
        )}
        <PackedSizes />
      </Stage>
      {packed && <Prose texts={t('story.predictor.packed', { returnObjects: true })} />}
    </>
  );
}
