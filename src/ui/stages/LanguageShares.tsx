// In which languages a checkpoint thinks: a small bar, and the shares in words.
import { useTranslation } from 'react-i18next';
import type { Done } from '../../protocol/protocol';
import { useFormat } from '../format';

/** Less is 0 %. */
const LEAST_SHOWN = 0.005;

type Language = NonNullable<Done['evaluation']>['language'];

export function LanguageShares({ language }: { readonly language: Language }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { en, zh } = language;
  if (en + zh === 0) return <span className="text-soft">{t('stages.noWords')}</span>;
  const spoken = [
    ...(en >= LEAST_SHOWN ? [t('stages.english', { share: format.percent(en) })] : []),
    ...(zh >= LEAST_SHOWN ? [t('stages.chinese', { share: format.percent(zh) })] : []),
  ];
  const width = (share: number) => ({ width: `${share * 100}%` });
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden className="flex h-2 w-8 overflow-hidden rounded-xs bg-line">
        <span className="bg-lang-en" style={width(en)} />
        <span className="bg-lang-zh" style={width(zh)} />
      </span>
      <span>{spoken.join(' · ')}</span>
    </span>
  );
}
