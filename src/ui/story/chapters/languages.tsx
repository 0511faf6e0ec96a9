// Chapter: two languages in one thought, and the reward that ends it.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Aside } from '../../../state/aside';
import type { Sample } from '../../../state/askReducer';
import { asides, reveal } from '../../../state/page/story';
import { languageShare } from '../../../tasks/steps';
import { Chapter } from '../Chapter';
import { EightAnswers } from '../EightAnswers';
import { NumberPrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';
import { SumField } from '../SumField';

const QUESTION = 'languages.chinese';
const SAMPLES = 8;

/** How many of the answers have Chinese words in their thinking; undefined until all have ended. */
function numWithChinese(samples: readonly Sample[]): number | undefined {
  if (samples.length === 0 || samples.some(({ summary }) => summary === undefined)) return undefined;
  return samples.filter(({ summary }) => languageShare(summary?.thinking ?? '').zh > 0).length;
}

export default function Languages() {
  const { t } = useTranslation();
  const { twoLanguages, oneLanguage } = asides;
  const isPredicted = useIsPredicted(QUESTION);
  const [question, setQuestion] = useState('8-9+1-6+5-7');
  const [isBusy, setBusy] = useState(false);
  const seed = useRef(0);
  const chinese = numWithChinese(twoLanguages.useAnswer((state) => state.samples));
  useEffect(() => {
    if (chinese !== undefined) reveal(QUESTION, chinese);
  }, [chinese]);
  const ask = async (aside: Aside, model: string) => {
    setBusy(true);
    await aside.ask(model, question, { samples: SAMPLES, temperature: 1, seed: ++seed.current });
    setBusy(false);
  };
  return (
    <Chapter name="languages">
      <Prose texts={t('story.languages.before', { returnObjects: true })} />
      <NumberPrediction questions={[{ name: QUESTION, text: t('story.languages.predict'), max: SAMPLES }]} />
      <Eight
        title={t('story.languages.zero')}
        aside={twoLanguages}
        start={
          <>
            <SumField
              label={t('story.languages.question')}
              value={question}
              onChange={setQuestion}
              isDisabled={isBusy}
            />
            <Start
              label={t('story.languages.run')}
              onStart={() => void ask(twoLanguages, 'r1-zero')}
              isBusy={isBusy}
              isPredicted={isPredicted}
            />
          </>
        }
      />
      {chinese !== undefined && (
        <>
          <Prose texts={t('story.languages.between', { returnObjects: true })} />
          <Eight
            title={t('story.languages.one')}
            aside={oneLanguage}
            start={
              <Start label={t('story.languages.runOne')} onStart={() => void ask(oneLanguage, 'r1')} isBusy={isBusy} />
            }
          />
          <Prose texts={t('story.languages.after', { returnObjects: true })} />
        </>
      )}
    </Chapter>
  );
}

interface EightProps {
  readonly title: string;
  readonly aside: Aside;
  readonly start: React.ReactNode;
}

function Eight({ title, aside, start }: EightProps) {
  const { t } = useTranslation();
  const samples = aside.useAnswer((state) => state.samples);
  const problem = aside.useAnswer((state) => state.problem);
  const count = numWithChinese(samples);
  return (
    <Stage title={title} problem={problem}>
      {start}
      <EightAnswers samples={samples} />
      {count !== undefined && <p className="mt-3">{t('story.languages.count', { count, of: samples.length })}</p>}
    </Stage>
  );
}
