// The interface’s language: from the reader’s choice, else from the browser. Texts live in en/ and zh/, a file for each section.
// Sections come in parts: `first` with the page, a later one with the screens and panels that are made by lazyPart. A new part is
// a module in en/ and in zh/ that exports its sections (`export const story = {…}` in story.ts is one), a line in LATER_PARTS
// and one in each language's index.ts; a screen that uses it is `lazyPart('story', () => import('./StoryScreen'))`.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { setPreferences, usePreferences } from '../../state/page/preferences';
import type { Catalogue } from './en';
import * as english from './en/first';

export type InterfaceLanguage = 'en' | 'zh';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Catalogue };
  }
}

type Texts = Partial<Catalogue>;
type Part = Readonly<Record<InterfaceLanguage, () => Promise<Texts>>>;

export const LATER_PARTS = {
  later: { en: () => import('./en/later'), zh: () => import('./zh/later') },
  story: { en: () => import('./en/story'), zh: () => import('./zh/story') },
  formula: { en: () => import('./en/formula'), zh: () => import('./zh/formula') },
  onePage: { en: () => import('./en/onePage'), zh: () => import('./zh/onePage') },
  links: { en: () => import('./en/links'), zh: () => import('./zh/links') },
  export: { en: () => import('./en/export'), zh: () => import('./zh/export') },
  lab: { en: () => import('./en/lab'), zh: () => import('./zh/lab') },
  rlhf: { en: () => import('./en/rlhf'), zh: () => import('./zh/rlhf') },
  nim: { en: () => import('./en/nim'), zh: () => import('./zh/nim') },
  curriculum: { en: () => import('./en/curriculum'), zh: () => import('./zh/curriculum') },
  asked: { en: () => import('./en/asked'), zh: () => import('./zh/asked') },
  chats: { en: () => import('./en/chats'), zh: () => import('./zh/chats') },
  packing: { en: () => import('./en/packing'), zh: () => import('./zh/packing') },
  fp8: { en: () => import('./en/fp8'), zh: () => import('./zh/fp8') },
  laws: { en: () => import('./en/laws'), zh: () => import('./zh/laws') },
  yours: { en: () => import('./en/yours'), zh: () => import('./zh/yours') },
} satisfies Readonly<Record<string, Part>>;

export type LaterPart = keyof typeof LATER_PARTS;

const FIRST: Part = { en: async () => english, zh: () => import('./zh/first') };

/** The parts that were asked for: a language chosen later needs them, too. */
const asked = new Set([FIRST]);
/** The language shown, or the one on its way. */
let chosen: InterfaceLanguage = 'en';

function preferredLanguage(): InterfaceLanguage {
  return usePreferences.getState().language ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
}

async function addTexts(part: Part, language: InterfaceLanguage): Promise<void> {
  i18next.addResourceBundle(language, 'translation', { ...(await part[language]()) }, true);
}

/** Loads the preferred language's first texts; to be awaited before the first render. */
export async function startInterfaceLanguage(): Promise<void> {
  chosen = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: chosen,
    fallbackLng: false,
    resources: { [chosen]: { translation: { ...(await FIRST[chosen]()) } } },
    interpolation: { escapeValue: false },
    nsSeparator: false,
    returnNull: false,
  });
  document.documentElement.lang = chosen;
}

/** Loads the texts of a later part, in the language shown and in one that is on its way. */
export async function loadTexts(name: LaterPart): Promise<void> {
  const part = LATER_PARTS[name];
  asked.add(part);
  const shown = i18next.language === 'zh' ? 'zh' : 'en';
  await Promise.all([...new Set([shown, chosen] as const)].map((language) => addTexts(part, language)));
}

/** Switches the interface and remembers it. */
export async function chooseLanguage(language: InterfaceLanguage): Promise<void> {
  chosen = language;
  await Promise.all([...asked].map((part) => addTexts(part, language)));
  // Another was chosen meanwhile.
  if (chosen !== language) return;
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  setPreferences({ language });
}
