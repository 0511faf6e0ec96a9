// In which settings the compared runs differ; the rest is the same in all.

import { useTranslation } from 'react-i18next';
import type { ComparedRun } from '../../state/comparison';
import { runTitle } from '../../state/runTitle';
import { SCROLLABLE } from '../components/scrollable';
import { settingsDifferences } from './differences';
import { RunSwatch } from './RunSwatch';

export function SettingsDifference({ runs }: { readonly runs: readonly (ComparedRun | undefined)[] }) {
  const { t } = useTranslation();
  const places = runs.flatMap((one, place) => (one === undefined ? [] : [{ place, run: one.run }]));
  if (places.length < 2) return null;
  const differences = settingsDifferences(places.map(({ run }) => run));
  const namesOf = (isTelling: boolean) =>
    places
      .filter(({ run: { madeElsewhere } }) => madeElsewhere && Object.keys(madeElsewhere.told).length > 0 === isTelling)
      .map(({ run }) => runTitle(run))
      .join(', ');
  const [telling, silent] = [namesOf(true), namesOf(false)];
  return (
    <div className="mt-10 border-t hairline pt-5">
      <h2 id="difference-title" className="caps">
        {t('runs.differences')}
      </h2>
      {telling && <p className="mt-2 text-fine text-soft">{t('elsewhere.toldDifferences', { names: telling })}</p>}
      {silent && <p className="mt-2 text-fine text-soft">{t('elsewhere.noneTold', { names: silent })}</p>}
      {differences.length === 0 && silent ? null : differences.length === 0 ? (
        <p className="mt-2 text-fine text-soft">{t('runs.noDifferences')}</p>
      ) : (
        <section {...SCROLLABLE} aria-labelledby="difference-title" className="mt-2 scroll-x">
          <table className="text-left text-fine">
            <thead>
              <tr>
                <th scope="col" className="py-1.5 pr-6 font-normal text-soft">
                  {t('runs.setting')}
                </th>
                {places.map(({ place, run }) => (
                  <th key={run.id} scope="col" className="py-1.5 pr-6 font-semibold whitespace-nowrap">
                    <RunSwatch place={place} /> {runTitle(run)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {differences.map(({ name, values }) => (
                <tr key={name} className="border-t hairline">
                  <th scope="row" className="py-1 pr-6 font-mono text-xs font-normal text-soft">
                    {name}
                  </th>
                  {places.map(({ run }, i) => (
                    <td key={run.id} className="py-1 pr-6">
                      {values[i] ?? <span className="text-soft">–</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}
