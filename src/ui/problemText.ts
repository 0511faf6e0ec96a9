// What went wrong, in the interface's language.
import { useTranslation } from 'react-i18next';
import type { DescribedError } from '../protocol/protocol';
import { useFindText } from './findText';

/** What went wrong, what the engine says of it, and what to do. */
export function useProblemText() {
  const { t } = useTranslation();
  const find = useFindText();
  return ({ code, userMessage, remedy }: DescribedError) => {
    const what = t(`problem.what.${code}`);
    const isSaid = userMessage === '' || userMessage === what;
    const detail = isSaid ? undefined : t('problem.detail', { message: userMessage });
    return { what, detail, remedy: find('problem.remedy', code) ?? remedy };
  };
}
