// The gallery: recorded whole runs, each with what it shows, played on Train or laid over one another on Compare.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { compareAtHand, useComparison } from '../../state/page/comparison';
import { fetchFromGallery, playFromGallery, playRecordedRun } from '../../state/page/recordedRun';
import { leaveRun, useRun } from '../../state/page/run';
import { isTraining } from '../../state/runReducer';
import { goTo } from '../app/screens';

/** Files in public/recorded/gallery/ but for the first two, which have their own places. */
const ENTRIES = [
  { name: 'zero', kind: 'usual' },
  { name: 'stages', kind: 'stages' },
  { name: 'hacked', kind: 'play' },
  { name: 'collapse', kind: 'play' },
  { name: 'length', kind: 'compare', runs: ['grpo', 'dr-grpo'] },
] as const;

type Entry = (typeof ENTRIES)[number];

export default function GalleryScreen() {
  const { t } = useTranslation();
  const isBusy = useRun(isTraining);
  return (
    <>
      <h1 className="font-voice text-[1.5625rem] leading-snug">{t('gallery.title')}</h1>
      <p className="mt-1 max-w-prose text-soft">{t('gallery.intro')}</p>
      {isBusy && <p className="mt-3 max-w-prose border-l-3 border-accent bg-wash px-3 py-2">{t('gallery.busy')}</p>}
      <ul className="mt-5 grid gap-x-11 gap-y-8 sm:grid-cols-2 lg:grid-cols-3">
        {ENTRIES.map((entry) => (
          <Recording key={entry.name} entry={entry} isBusy={isBusy} />
        ))}
      </ul>
    </>
  );
}

function Recording({ entry, isBusy }: { readonly entry: Entry; readonly isBusy: boolean }) {
  const { t } = useTranslation();
  const [isMissing, setMissing] = useState(false);
  const { title, about } = {
    title: t(`gallery.entries.${entry.name}.title`),
    about: t(`gallery.entries.${entry.name}.about`),
  };
  const text = t(
    entry.kind === 'stages' ? 'gallery.open' : entry.kind === 'compare' ? 'gallery.compare' : 'gallery.play',
  );
  const show = async () => setMissing(!(await showEntry(entry)));
  return (
    <li className="flex flex-col border-t hairline pt-4">
      <h2 className="font-voice text-lg">{title}</h2>
      <p className="mt-1 grow text-soft">{about}</p>
      {isMissing && (
        <p role="alert" className="mt-2 text-bad">
          {t('gallery.missing')}
        </p>
      )}
      <button
        type="button"
        className="button mt-3 self-start"
        disabled={isBusy && entry.kind !== 'stages'}
        aria-label={`${text}: ${title}`}
        onClick={() => void show()}
      >
        {text}
      </button>
    </li>
  );
}

/** Shows an entry on the screen that is made for it; false where its recording is not there. */
async function showEntry(entry: Entry): Promise<boolean> {
  if (entry.kind === 'stages') {
    goTo('stages');
    return true;
  }
  if (entry.kind === 'compare') {
    const runs = await fetchFromGallery(entry.runs);
    const { chosen } = useComparison.getState();
    for (const run of runs) if (!chosen.includes(run.run.id)) compareAtHand(run);
    if (runs.length === entry.runs.length) goTo('compare');
    return runs.length === entry.runs.length;
  }
  if (entry.kind === 'play') {
    const isPlaying = await playFromGallery(entry.name);
    if (isPlaying) goTo('train');
    return isPlaying;
  }
  leaveRun();
  await playRecordedRun();
  goTo('train');
  return true;
}
