// A text for a name that comes from the engine, in the interface's language.
import { useTranslation } from 'react-i18next';

/** Finds the text of a name in a record of the catalogue (`'model.about'`); undefined for a name that it has no word for. */
export function useFindText() {
  const { i18n } = useTranslation();
  return (key: string, name: string): string | undefined => {
    const texts: Readonly<Record<string, unknown>> = i18n.getResource(i18n.language, 'translation', key) ?? {};
    const text = texts[name];
    return typeof text === 'string' ? text : undefined;
  };
}
