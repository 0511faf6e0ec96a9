// Under the thinking: in which languages its words are, and what the marks of words mean. Nothing where there are no words.
import { useTranslation } from 'react-i18next';
import { shownSample } from '../../state/askReducer';
import { useAsk } from '../../state/page/ask';
import { languageShare } from '../../tasks/steps';
import { useFormat } from '../format';
import { thinkingText } from './thinkingText';

export function ThinkingLegend() {
  const { t } = useTranslation();
  const format = useFormat();
  const { text, forced } = thinkingText(useAsk((state) => shownSample(state).tokens));
  const share = languageShare(text);
  if (share.en + share.zh === 0) return null;
  return (
    <p data-testid="thinking-legend" className="flex flex-wrap gap-x-4 text-fine text-soft">
      {share.en > 0 && <span className="lang-en">{t('ask.english', { share: format.percent(share.en) })}</span>}
      {share.zh > 0 && <span className="lang-zh">{t('ask.chinese', { share: format.percent(share.zh) })}</span>}
      {forced.length > 0 && (
        <span>
          <ins className="put-in">wait</ins> {t('ask.putIn')}
        </span>
      )}
    </p>
  );
}
