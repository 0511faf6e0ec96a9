// A prediction asked before the reveal, and what was said beside what came.
import { type ReactNode, useId, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { predict, useStory } from '../../state/page/story';

/** That the reader does not want to guess; an answer to every question. */
export const NO_IDEA = 'no-idea';

/** Whether every one of these questions was answered or seen. */
export function useIsPredicted(...questions: readonly string[]): boolean {
  return useStory(({ predictions }) =>
    questions.every(
      (question) => predictions[question]?.said !== undefined || predictions[question]?.came !== undefined,
    ),
  );
}

function Frame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('story.frame.predict')} className="mt-6 border-l-3 border-accent pl-4">
      <p className="caps text-accent">{t('story.frame.predict')}</p>
      {children}
    </section>
  );
}

interface NumberQuestion {
  /** Its name, e.g. `rule.right`. */
  readonly name: string;
  readonly text: string;
  /** From 0. */
  readonly max: number;
}

/** How many of so many: whole numbers, or no idea. */
export function NumberPrediction({ questions }: { readonly questions: readonly NumberQuestion[] }) {
  const { t } = useTranslation();
  const predictions = useStory((story) => story.predictions);
  const open = questions.filter(({ name }) => predictions[name]?.came === undefined);
  const isUnsaid = open.some(({ name }) => predictions[name]?.said === undefined);
  return (
    <Frame>
      {questions.map((question) =>
        predictions[question.name]?.came === undefined ? (
          <NumberField key={question.name} {...question} />
        ) : (
          <p key={question.name} className="mt-2">
            {question.text} <YouSaid question={question.name} write={String} />
          </p>
        ),
      )}
      {isUnsaid && (
        <button
          type="button"
          className="link mt-2 min-h-6 text-fine"
          onClick={() => {
            for (const { name } of open) if (predictions[name]?.said === undefined) predict(name, NO_IDEA);
          }}
        >
          {t('story.frame.noIdea')}
        </button>
      )}
    </Frame>
  );
}

function NumberField({ name, text, max }: NumberQuestion) {
  const id = useId();
  const said = useStory((story) => story.predictions[name]?.said);
  const [draft, setDraft] = useState(typeof said === 'number' ? String(said) : '');
  const isTaken = (typed: string) => /^\d{1,3}$/.test(typed) && Number(typed) <= max;
  const change = (typed: string) => {
    const plain = typed.normalize('NFKC').trim();
    setDraft(plain);
    if (isTaken(plain)) predict(name, Number(plain));
  };
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
      <label htmlFor={id}>{text}</label>
      <span className="flex items-center gap-2">
        <input
          id={id}
          inputMode="numeric"
          autoComplete="off"
          maxLength={3}
          aria-invalid={draft !== '' && !isTaken(draft)}
          className="field w-14 text-center text-lg"
          value={draft}
          onChange={(event) => change(event.target.value)}
        />
        <span className="text-soft">/ {max}</span>
      </span>
    </p>
  );
}

interface ChoicePredictionProps {
  readonly name: string;
  readonly text: string;
  /** In the order shown; labels by value. */
  readonly choices: Readonly<Record<string, string>>;
}

/** One of a few answers, or no idea. */
export function ChoicePrediction({ name, text, choices }: ChoicePredictionProps) {
  const { t } = useTranslation();
  const group = useId();
  const prediction = useStory((story) => story.predictions[name]);
  const all = { ...choices, [NO_IDEA]: t('story.frame.noIdea') };
  return (
    <Frame>
      {prediction?.came === undefined ? (
        <fieldset className="mt-1">
          <legend>{text}</legend>
          <div className="mt-1 flex flex-wrap gap-x-6">
            {Object.entries(all).map(([value, label]) => (
              <label key={value} className="flex min-h-8 cursor-pointer items-center gap-2 has-checked:font-semibold">
                <input
                  type="radio"
                  name={group}
                  className="size-4 accent-accent"
                  checked={prediction?.said === value}
                  onChange={() => predict(name, value)}
                />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
      ) : (
        <p className="mt-1">
          {text} <YouSaid question={name} write={(value) => choices[value] ?? String(value)} />
        </p>
      )}
    </Frame>
  );
}

interface YouSaidProps {
  readonly question: string;
  readonly write: (value: string | number) => string;
}

/** What the reader said beside what came; nothing before that. */
export function YouSaid({ question, write }: YouSaidProps) {
  const prediction = useStory((story) => story.predictions[question]);
  if (prediction?.came === undefined) return null;
  const { said, came } = prediction;
  const isSaid = said !== undefined && said !== NO_IDEA;
  return (
    <span data-testid={`said-${question}`}>
      <Trans
        i18nKey={isSaid ? 'story.frame.youSaid' : 'story.frame.youDidNotSay'}
        values={{ said: write(said ?? ''), came: write(came) }}
        components={{ b: <b className="text-accent" /> }}
      />
    </span>
  );
}
