// Chapter: a model is a predictor: what it thinks comes next, token by token; and a model that begins to learn that.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StreamedToken } from '../../../protocol/protocol';
import { shownSample } from '../../../state/askReducer';
import { useSession } from '../../../state/page/session';
import { asides, reveal, storyPipelines } from '../../../state/page/story';
import { LineChart } from '../../charts/LineChart';
import { seriesOf } from '../../charts/series';
import { useFormat } from '../../format';
import { Chapter } from '../Chapter';
import { PipelineActivity } from '../PipelineActivity';
import { ChoicePrediction, useIsPredicted } from '../Prediction';
import { Prose } from '../Prose';
import { Stage, Start } from '../Stage';
import { SumField } from '../SumField';
import { TokenBars } from '../TokenBars';

const MODEL = 'base';
const QUESTION = 'predictor.bits';

export default function Predictor() {
  const { t } = useTranslation();
  const choices = t('story.predictor.choices', { returnObjects: true });
  return (
    <Chapter name="predictor">
      <Prose texts={t('story.predictor.before', { returnObjects: true })} />
      <NextToken />
      <Prose texts={t('story.predictor.compression', { returnObjects: true })} />
      <ChoicePrediction name={QUESTION} text={t('story.predictor.predict')} choices={choices} />
      <FirstSteps />
    </Chapter>
  );
}

function NextToken() {
  const { t } = useTranslation();
  const { predicted } = asides;
  const [question, setQuestion] = useState('7-4+4-5');
  const [count, setCount] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const seed = useRef(0);
  const { tokens, summary } = predicted.useAnswer(shownSample);
  const problem = predicted.useAnswer((state) => state.problem);
  const isEnded = summary !== undefined && count >= tokens.length;
  const next = tokens[count];
  const begin = async () => {
    setCount(0);
    setBusy(true);
    const asked = predicted.ask(MODEL, question, { seed: ++seed.current, temperature: 1 });
    // The reader sets the pace.
    predicted.showRest();
    await asked;
    predicted.showRest();
    setBusy(false);
  };
  return (
    <Stage title={t('story.predictor.next')} problem={problem}>
      <SumField label={t('story.predictor.question')} value={question} onChange={setQuestion} isDisabled={isBusy} />
      {tokens.length === 0 || isEnded ? (
        <Start label={t('story.predictor.begin')} onStart={() => void begin()} isBusy={isBusy} />
      ) : (
        <p className="flex flex-wrap gap-3">
          <button type="button" className="button button-primary" onClick={() => setCount(count + 1)}>
            {t('story.predictor.draw')}
          </button>
          <button type="button" className="button" onClick={() => setCount(tokens.length)}>
            {t('story.predictor.drawAll')}
          </button>
        </p>
      )}
      {tokens.length > 0 && (
        <div data-testid="next-token" className="mt-4">
          <p className="font-mono text-lg break-words">
            <span className="text-soft">{question} = ? </span>
            {tokens.slice(0, count).map(({ text }) => text)}
            {!isEnded && <span className="caret ml-0.5" />}
          </p>
          {next && <TokenBars token={next} />}
          <Bits tokens={tokens.slice(0, count)} />
        </div>
      )}
    </Stage>
  );
}

/** What the text so far costs, told by this model's predictions, and told by nobody's. */
function Bits({ tokens }: { readonly tokens: readonly StreamedToken[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const vocabulary = useSession((session) => Number(session.model?.settings.vocab_size));
  if (tokens.length === 0 || !(vocabulary > 0)) return null;
  const bits = tokens.reduce((sum, { probability }) => sum - Math.log2(probability), 0);
  // To someone who knows nothing every token is as likely as any other.
  const blind = format.number(tokens.length * Math.log2(vocabulary));
  return (
    <p className="mt-3 text-fine text-soft">
      {t('story.predictor.cost', { count: tokens.length, bits: format.number(bits, 1), blind })}
    </p>
  );
}

function FirstSteps() {
  const { t } = useTranslation();
  const format = useFormat();
  const isPredicted = useIsPredicted(QUESTION);
  const { fromRandom } = storyPipelines;
  const { status, steps, progress, problem } = fromRandom.usePipeline();
  const loss = steps.at(-1)?.metrics.loss;
  const bits = loss === undefined ? undefined : loss / Math.LN2;
  const isEnded = status === 'ended';
  useEffect(() => {
    if (!isEnded || bits === undefined) return;
    reveal(QUESTION, bits > 4 ? 'over4' : bits > 2 ? 'upTo4' : bits > 1 ? 'upTo2' : 'under1');
  }, [isEnded, bits]);
  return (
    <>
      <Stage title={t('story.predictor.learn')} problem={problem}>
        <Start
          label={t(steps.length > 0 ? 'story.predictor.learnAgain' : 'story.predictor.learn')}
          onStart={() => void fromRandom.run()}
          isBusy={status === 'running'}
          isPredicted={isPredicted}
        />
        <PipelineActivity status={status} progress={progress} />
        {bits !== undefined && (
          <p>{t('story.predictor.now', { step: steps.at(-1)?.step ?? 0, bits: format.number(bits, 2) })}</p>
        )}
        {steps.length > 0 && (
          <LineChart metric="loss" help={undefined} series={seriesOf(steps, 'loss')} smoothing={0} />
        )}
      </Stage>
      {isEnded && <Prose texts={t('story.predictor.after', { returnObjects: true })} />}
    </>
  );
}
