// A text of thinking whose words are marked, and named to a screen reader, by their language.
import { languageRuns } from '../../tasks/steps';

const LANGUAGE_CLASS = { en: 'lang-en', zh: 'lang-zh' } as const;

export function LanguageText({ text }: { readonly text: string }) {
  return [...languageRuns(text).entries()].map(([index, { text: run, language }]) =>
    language === undefined ? (
      run
    ) : (
      <span key={index} lang={language} className={LANGUAGE_CLASS[language]}>
        {run}
      </span>
    ),
  );
}
