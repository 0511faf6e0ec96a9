// Three seeds of the base's pretraining in float32, in FP8, and in float32 with a rate that is a millionth larger, as they were
// measured on held-out texts (docs/experiments.md).
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format';
import recorded from './recorded.json';

const COLUMNS = ['f32', 'fp8', 'control'] as const;

export function RecordedLosses() {
  const { t } = useTranslation();
  const format = useFormat();
  const title = { f32: 'float32', fp8: 'FP8', control: t('fp8.control') };
  return (
    <>
      <table className="mt-7 w-full text-left text-fine">
        <caption className="pb-2 text-left">{t('fp8.recorded', { steps: recorded.steps })}</caption>
        <thead className="text-soft">
          <tr>
            <th scope="col" className="font-normal">
              {t('fp8.seed')}
            </th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className="pl-3 text-right font-normal">
                {title[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {recorded.seeds.map(({ seed, ...bits }) => (
            <tr key={seed} className="border-t border-dotted border-line">
              <th scope="row" className="py-1 font-normal">
                {seed}
              </th>
              {COLUMNS.map((name) => (
                <td key={name} className="pl-3 text-right">
                  {format.number(bits[name], 4)}
                  {name !== 'f32' && ` (${change(bits[name] / bits.f32 - 1, format.percent)})`}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-3 text-soft">{t('fp8.seen')}</p>
    </>
  );
}

const change = (share: number, write: (share: number, digits?: number) => string) =>
  `${share < 0 ? '−' : '+'}${write(Math.abs(share), 2)}`;
