// The page's head: where one is, which model is loaded, theme, language and help.
import { Cpu, Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { setPreferences, usePreferences } from '../../state/page/preferences';
import { useSession } from '../../state/page/session';
import { useFormat } from '../format';
import { chooseLanguage } from '../i18n';
import { HEADER_SCREENS, type Screen } from './screens';
import { TrainingStatus } from './TrainingStatus';
import { useTraining } from './useTraining';

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const;
const THEME_ICON = { system: Monitor, light: Sun, dark: Moon } as const;
const THEME_TEXT = { system: 'app.themeSystem', light: 'app.themeLight', dark: 'app.themeDark' } as const;

export function Header({ screen, onHelp }: { readonly screen: Screen; readonly onHelp: () => void }) {
  const { t } = useTranslation();
  const isTraining = useTraining() !== undefined;
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b hairline px-4 sm:gap-x-7 pt-3 pb-2 sm:px-9 sm:pt-4 sm:pb-3 md:flex-nowrap">
      <p className="font-voice text-[1.3125rem] leading-none font-semibold">{t('app.name')}</p>
      <nav
        aria-label={t('app.screens')}
        className="order-last flex w-full flex-wrap justify-between text-fine sm:justify-start sm:gap-x-5 sm:text-sm md:order-none md:w-auto md:shrink-0"
      >
        {HEADER_SCREENS.map((name) => (
          <a
            key={name}
            href={`#${name}`}
            aria-current={name === screen ? 'page' : undefined}
            className="min-h-7 min-w-6 border-b-2 border-transparent px-0.5 pt-1 pb-0.5 text-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-semibold aria-[current=page]:text-ink"
          >
            <Name of={name} />
          </a>
        ))}
      </nav>
      <div className="flex min-w-0 flex-1 basis-0 items-center justify-end gap-x-3 text-fine text-soft sm:gap-x-4">
        <TrainingStatus />
        <ModelStatus isBeside={isTraining} />
        <Controls onHelp={onHelp} />
      </div>
    </header>
  );
}

/** A small screen has no room for every name: the device, which few open there, is a picture. */
function Name({ of }: { readonly of: Screen }) {
  const { t } = useTranslation();
  if (of !== 'device') return t(`app.${of}`);
  return (
    <>
      <Cpu aria-hidden size={16} className="mx-auto mt-0.5 sm:hidden" />
      <span className="max-sm:sr-only">{t('app.device')}</span>
    </>
  );
}

function Controls({ onHelp }: { readonly onHelp: () => void }) {
  const { t, i18n } = useTranslation();
  const theme = usePreferences((preferences) => preferences.theme);
  const ThemeIcon = THEME_ICON[theme];
  const other = i18n.language === 'zh' ? 'en' : 'zh';
  return (
    <span className="flex shrink-0 items-center gap-1">
      <button
        type="button"
        lang={other}
        className="button-plain justify-center"
        aria-label={`${t('app.language')}: ${other === 'zh' ? '中文' : 'English'}`}
        onClick={() => void chooseLanguage(other)}
      >
        {other === 'zh' ? '中文' : 'EN'}
      </button>
      <button
        type="button"
        className="button-plain justify-center"
        aria-label={`${t('app.theme')}: ${t(THEME_TEXT[theme])}`}
        title={`${t('app.theme')}: ${t(THEME_TEXT[theme])}`}
        onClick={() => setPreferences({ theme: NEXT_THEME[theme] })}
      >
        <ThemeIcon aria-hidden size={15} />
      </button>
      <button
        type="button"
        className="button-plain justify-center"
        aria-label={t('app.shortcuts')}
        title={`${t('app.shortcuts')} (?)`}
        onClick={onHelp}
      >
        <Keyboard aria-hidden size={16} />
      </button>
    </span>
  );
}

/** One line, however long a name or a stage of loading is: nothing below it moves. */
const STATUS = 'max-w-24 truncate sm:max-w-none sm:min-w-16 sm:shrink-9';

/** Beside what trains there is room for the name alone, and on a small screen not for that. */
function ModelStatus({ isBeside }: { readonly isBeside: boolean }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { status, model, loading } = useSession();
  if (loading) {
    const share = loading.total > 0 ? format.percent(loading.done / loading.total) : '';
    return (
      <span data-testid="model-status" className={STATUS}>
        {t('model.progress', { stage: t(`model.stage.${loading.stage}`), share })}
      </span>
    );
  }
  if (model) {
    const parameters = new Intl.NumberFormat(i18n.language, { notation: 'compact' }).format(model.numParameters);
    const { experts } = model;
    const summary = experts
      ? t('model.summary', { parameters, active: experts.topK, experts: experts.numExperts })
      : t('model.summaryDense', { parameters });
    return (
      <span data-testid="model-status" className={`${STATUS} ${isBeside ? 'max-sm:sr-only' : ''}`}>
        <span className="text-ink">{model.name}</span>{' '}
        {!isBeside && <span className="hidden sm:inline">· {summary}</span>}
      </span>
    );
  }
  const text = ({ opening: 'model.opening', ready: 'model.none', unavailable: 'model.unavailable' } as const)[status];
  return (
    <span data-testid="model-status" className={STATUS}>
      {t(text)}
    </span>
  );
}
