// What the model asked itself last, and how many of its own answers were right.
import { useTranslation } from 'react-i18next';
import { useCurriculum } from '../../../state/page/curriculum';
import { Badge } from '../../components/Badge';
import { useFormat } from '../../format';

const MOST = 12;

export function AskedProblems() {
  const { t } = useTranslation();
  const format = useFormat();
  const asked = useCurriculum((state) => state.asked);
  if (asked.length === 0) return null;
  const shown = [...asked].sort((a, b) => b.size - a.size).slice(0, MOST);
  return (
    <section aria-labelledby="curriculum-asked" className="mt-6">
      <h2 id="curriculum-asked" className="caps mb-2">
        {t('curriculum.asked')}
      </h2>
      <table className="w-full max-w-md text-left" data-testid="asked-problems">
        <thead className="text-fine text-soft">
          <tr>
            <th scope="col" className="font-normal">
              {t('curriculum.problem')}
            </th>
            <th scope="col" className="pl-3 text-right font-normal">
              {t('curriculum.right')}
            </th>
            <th scope="col" className="pl-3 font-normal">
              {t('curriculum.use')}
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ question, share, isLearnable }) => (
            <tr key={question} className="border-t border-dotted border-line">
              <th scope="row" className="py-1 font-voice font-normal wrap-anywhere">
                {question}
              </th>
              <td className="pl-3 text-right">{format.percent(share)}</td>
              <td className="pl-3 text-fine">
                {isLearnable ? (
                  <Badge>{t('curriculum.kept')}</Badge>
                ) : (
                  <span className="text-soft">{t(share < 0.5 ? 'curriculum.tooHard' : 'curriculum.tooEasy')}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
