// A metric in words: its values, one of them at its step, and how it went.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatQuantity, quantityOf } from './quantity';
import { type Series, summarize } from './series';

export function useMetricText(metric: string) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(() => {
    const show = (value: number) => formatQuantity(value, quantityOf(metric), language);
    return {
      show,
      read: (reading: { readonly step: number; readonly value: number } | undefined) =>
        reading ? t('chart.at', { step: reading.step, value: show(reading.value) }) : t('chart.notMeasured'),
      summarise: (name: string, series: Series) => {
        const summary = summarize(series);
        if (summary === undefined) return t('chart.empty', { name });
        const { first, last, min, max } = summary;
        return t('chart.summary', {
          ...summary,
          name,
          first: show(first),
          last: show(last),
          min: show(min),
          max: show(max),
        });
      },
    };
  }, [t, language, metric]);
}
