// How much curves are smoothed, from not at all to a lot.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

export const DEFAULT_SMOOTHING = 0.7;

interface SmoothingSliderProps {
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function SmoothingSlider({ value, onChange }: SmoothingSliderProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <span className="flex items-center gap-2 text-fine text-soft">
      <label htmlFor={id}>{t('chart.smoothing')}</label>
      <input
        id={id}
        type="range"
        className="h-6 w-28"
        min={0}
        max={0.95}
        step={0.05}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output className="w-8">{value.toFixed(2)}</output>
    </span>
  );
}
