// The interface’s language: from the reader’s choice, else from the browser. Texts live in en/ and zh/, a file for each part.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { setPreferences, usePreferences } from '../../state/page/preferences';
import { type Catalogue, en } from './en';

export type InterfaceLanguage = 'en' | 'zh';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Catalogue };
  }
}

function preferredLanguage(): InterfaceLanguage {
  return usePreferences.getState().language ?? (navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en');
}

async function loadCatalogue(language: InterfaceLanguage): Promise<Catalogue> {
  return language === 'zh' ? (await import('./zh')).zh : en;
}

/** Loads the preferred language's texts; to be awaited before the first render. */
export async function startInterfaceLanguage(): Promise<void> {
  const language = preferredLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await loadCatalogue(language) } },
    interpolation: { escapeValue: false },
    nsSeparator: false,
    returnNull: false,
  });
  document.documentElement.lang = language;
}

/** Switches the interface and remembers it. */
export async function chooseLanguage(language: InterfaceLanguage): Promise<void> {
  i18next.addResourceBundle(language, 'translation', await loadCatalogue(language));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  setPreferences({ language });
}
