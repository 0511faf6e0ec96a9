// The shell: header, the screen in the address, the one live region, shortcuts, and what must outlive a screen.
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../state/page/preferences';
import AskScreen from '../ask/AskScreen';
import { useAnyHint } from '../components/anyHint';
import { lazyPart } from '../i18n/lazyPart';
import { Announcer } from './Announcer';
import { ErrorBoundary } from './ErrorBoundary';
import { embeddedScreen, isEmbedded } from './embedding';
import { Header } from './Header';
import { LostEngine } from './LostEngine';
import { type Screen, useLinkValues, useScreen } from './screens';
import { useRunGuards } from './useRunGuards';
import { useShortcuts } from './useShortcuts';

const StoryScreen = lazyPart('story', () => import('../story/StoryScreen'));
const TrainScreen = lazyPart('later', () => import('../train/TrainScreen'));
const StagesScreen = lazyPart('later', () => import('../stages/StagesScreen'));
const CompareScreen = lazyPart('later', () => import('../compare/CompareScreen'));
const ModelsScreen = lazyPart('later', () => import('../models/ModelsScreen'));
const DeviceScreen = lazyPart('later', () => import('../device/DeviceScreen'));
const LabScreen = lazyPart('lab', () => import('../lab/LabScreen'));
const GalleryScreen = lazyPart('yours', () => import('../gallery/GalleryScreen'));
const KnowsScreen = lazyPart('later', () => import('../knows/KnowsScreen'));
const OnePageScreen = lazyPart('onePage', () => import('../onePage/OnePageScreen'));
// Not needed for the first paint.
const HintPopup = lazy(async () => ({ default: (await import('../components/Hint')).HintPopup }));
const EmbedFoot = lazyPart('links', () => import('../links/EmbedFoot'));
const LinkNote = lazyPart('links', () => import('../links/LinkNote'));
const ShortcutsDialog = lazyPart('later', () => import('./ShortcutsDialog'));

const SCREENS = {
  ask: AskScreen,
  story: StoryScreen,
  train: TrainScreen,
  stages: StagesScreen,
  compare: CompareScreen,
  models: ModelsScreen,
  device: DeviceScreen,
  lab: LabScreen,
  gallery: GalleryScreen,
  knows: KnowsScreen,
  'one-page': OnePageScreen,
} satisfies Record<Screen, unknown>;

export function App() {
  const { t } = useTranslation();
  const screen = useScreen();
  const theme = usePreferences((preferences) => preferences.theme);
  const { isHelpOpen, setHelpOpen } = useShortcuts(screen);
  useRunGuards();
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    document.title = `${t(`app.${screen}`)} · ${t('app.name')}`;
  }, [screen, t]);
  // After the screen's own effects, which may have scrolled to a part of it.
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current !== screen) scrollTo(0, 0);
    shown.current = screen;
  }, [screen]);
  const Current = SCREENS[screen];
  const values = useLinkValues();
  // What a link brought stays, and can be given back, when its address is left.
  const [isLinked, setLinked] = useState(false);
  if (values !== '' && !isLinked) setLinked(true);
  const hasHints = useAnyHint();
  return (
    <>
      {/* The address names the screen, so its fragment cannot also name the place to skip to. */}
      <button
        type="button"
        className="button sr-only focus:not-sr-only focus:absolute focus:z-30"
        onClick={() => document.getElementById('main')?.focus()}
      >
        {t('app.skip')}
      </button>
      {!isEmbedded && <Header screen={screen} onHelp={() => setHelpOpen(true)} />}
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto max-w-[73.75rem] px-4 pt-4 pb-16 sm:pt-6 outline-none sm:px-9 md:pt-8"
      >
        <LostEngine />
        {isLinked && (
          <Suspense>
            <LinkNote screen={screen} values={values} />
          </Suspense>
        )}
        <ErrorBoundary key={screen}>
          <Suspense fallback={<p className="text-soft">{t('app.loadingScreen')}</p>}>
            <Current />
          </Suspense>
        </ErrorBoundary>
      </main>
      {embeddedScreen && (
        <Suspense>
          <EmbedFoot screen={embeddedScreen} />
        </Suspense>
      )}
      {hasHints && (
        <Suspense>
          <HintPopup />
        </Suspense>
      )}
      <Announcer />
      {isHelpOpen && (
        <Suspense>
          <ShortcutsDialog onClose={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
