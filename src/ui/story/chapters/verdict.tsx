// Chapter: what to make of it: the claims, each with what was measured; and the reader's own guesses.
import { useTranslation } from 'react-i18next';
import { reveal, useStory } from '../../../state/page/story';
import { Chapter } from '../Chapter';
import { CHAPTERS } from '../chapters';
import { NO_IDEA, NumberPrediction, useIsPredicted } from '../Prediction';
import { Inline, Prose } from '../Prose';
import { Start } from '../Stage';

const QUESTION = 'verdict.held';

/** What came of each claim, in the order in which they are told. */
const CLAIMS = [
  ['compression', 'partly'],
  ['rule', 'held'],
  ['longer', 'partly'],
  ['mixing', 'held'],
  ['coldStart', 'held'],
  ['stages', 'failed'],
  ['pupil', 'held'],
  ['preference', 'held'],
  ['trial', 'held'],
  ['thoughts', 'partly'],
  ['nothing', 'failed'],
] as const;
const NUM_HELD = CLAIMS.filter(([, outcome]) => outcome === 'held').length;
const SIGNS = { held: '✓', partly: '½', failed: '✗' } as const;
const COLOURS = { held: 'text-good', partly: 'text-think', failed: 'text-bad' } as const;

export default function Verdict() {
  const { t } = useTranslation();
  const isPredicted = useIsPredicted(QUESTION);
  const isRevealed = useStory(({ predictions }) => predictions[QUESTION]?.came !== undefined);
  return (
    <Chapter name="verdict">
      <Prose texts={t('story.verdict.before', { returnObjects: true })} />
      <ol className="mt-4 space-y-3">
        {CLAIMS.map(([claim, outcome]) => (
          <li key={claim} className="border-b border-dotted border-line pb-3">
            <p className="font-voice text-lg">{t(`story.verdict.claims.${claim}.claim`)}</p>
            {isRevealed && (
              <p className="mt-1 text-[0.9375rem]">
                <b className={COLOURS[outcome]}>
                  {SIGNS[outcome]} {t(`story.verdict.outcome.${outcome}`)}
                </b>{' '}
                <Inline text={t(`story.verdict.claims.${claim}.measured`)} />
              </p>
            )}
          </li>
        ))}
      </ol>
      <NumberPrediction questions={[{ name: QUESTION, text: t('story.verdict.predict'), max: CLAIMS.length }]} />
      {!isRevealed && (
        <div className="mt-4">
          <Start
            label={t('story.verdict.show')}
            isBusy={false}
            isPredicted={isPredicted}
            onStart={() => reveal(QUESTION, NUM_HELD)}
          />
        </div>
      )}
      {isRevealed && (
        <>
          <Prose texts={t('story.verdict.after', { returnObjects: true })} />
          <Guesses />
          <Prose texts={t('story.verdict.end', { returnObjects: true })} />
        </>
      )}
    </Chapter>
  );
}

/** What the reader said beside what came, chapter by chapter. */
function Guesses() {
  const { t } = useTranslation();
  const predictions = useStory((story) => story.predictions);
  const rows = CHAPTERS.flatMap(({ name }) =>
    Object.entries(predictions)
      .filter(([question, { came }]) => question.startsWith(`${name}.`) && came !== undefined)
      .map(([question, { said, came }]) => ({ name, question, said, came })),
  );
  const choices: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    predictor: t('story.predictor.choices', { returnObjects: true }),
    wall: t('story.wall.choices', { returnObjects: true }),
    step: t('story.step.choices', { returnObjects: true }),
    stages: t('story.stages.choices', { returnObjects: true }),
    scaling: t('story.scaling.choices', { returnObjects: true }),
    conversations: t('story.conversations.choices', { returnObjects: true }),
  };
  const write = (name: string, value: string | number | undefined) =>
    value === undefined || value === NO_IDEA ? '–' : (choices[name]?.[value] ?? String(value));
  return (
    <table data-testid="guesses" className="mt-6 w-full text-left text-fine">
      <caption className="caps pb-1 text-left">{t('story.verdict.guesses')}</caption>
      <thead>
        <tr className="text-soft">
          {(['chapter', 'said', 'came'] as const).map((column) => (
            <th key={column} scope="col" className="py-1 pr-3 font-normal">
              {t(`story.verdict.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, question, said, came }) => (
          <tr key={question} className="border-t border-dotted border-line">
            <th scope="row" className="py-1 pr-3 font-normal">
              {t(`story.${name}.title`)}
            </th>
            <td className="pr-3">{write(name, said)}</td>
            <td>{write(name, came)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
