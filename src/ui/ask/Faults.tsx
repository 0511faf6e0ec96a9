// In what the shown answer departs from its form, in plain words, under the heading of the pane that it concerns.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { faultsOf, isOfThinking } from '../../state/answerForm';
import { shownSample } from '../../state/askReducer';
import { useAsk } from '../../state/page/ask';
import { Badge } from '../components/Badge';

export function Faults({ of }: { readonly of: 'thinking' | 'answer' }) {
  const { t } = useTranslation();
  const summary = useAsk((state) => shownSample(state).summary);
  const tokens = useAsk((state) => shownSample(state).tokens);
  const faults = useMemo(() => (summary ? faultsOf(tokens, summary) : []), [summary, tokens]);
  const own = faults.filter((fault) => isOfThinking(fault) === (of === 'thinking'));
  if (own.length === 0) return null;
  return (
    <p data-testid={`faults-${of}`} className="mb-2 text-fine text-bad">
      {own.some((fault) => fault !== 'cutOff') && <Badge>{t('ask.malformed')}</Badge>}{' '}
      {own.map((fault) => t(`ask.faults.${fault}`)).join(' ')}
    </p>
  );
}
