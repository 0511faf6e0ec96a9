// The box to ask in, with what the model knows, examples to try, what refuses a question, and the settings of the next.
import { type FormEvent, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, stopAsk, useAsk, useQuestion, writeQuestion } from '../../state/page/ask';
import { useSession } from '../../state/page/session';
import { ProblemNote } from '../components/ProblemNote';
import { toPlainMaths } from '../components/typeset';
import { AskSettings } from './AskSettings';
import { KnowledgeLine } from './KnowledgeLine';
import { ModelChoice } from './ModelChoice';
import { TrainingNote } from './TrainingNote';
import { useExamples, useSaid } from './useKnowledge';

export function AskForm() {
  const { t } = useTranslation();
  const id = useId();
  const question = useQuestion(({ text }) => text);
  const said = useSaid(question);
  const [example = '9-8+3-7'] = useExamples();
  const isComputing = useAsk((state) => state.isComputing);
  const isStopping = useAsk((state) => state.isStopping);
  const engineProblem = useSession((session) => session.problem);
  const problem = useAsk((state) => state.problem);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isComputing) void stopAsk();
    else void ask(question);
  };
  // The settings stay outside the form: Enter in one of them takes the number over and asks nothing.
  return (
    <div>
      <form onSubmit={submit} className="flex gap-2">
        <input
          id="question"
          aria-label={t('ask.question')}
          aria-describedby={`${id}-knows`}
          placeholder={t('ask.placeholder', { example: example.replace(/=\?$/, '') })}
          autoComplete="off"
          spellCheck={false}
          value={question}
          onChange={(event) => writeQuestion(event.target.value)}
          className="min-h-12 min-w-0 flex-1 rounded-lg border border-edge bg-raised px-4 font-voice text-lg placeholder:font-sans placeholder:text-base placeholder:text-soft"
        />
        <button type="submit" className="button button-primary min-w-20" disabled={isStopping}>
          {t(isComputing ? (isStopping ? 'ask.stopping' : 'ask.stop') : 'ask.ask')}
        </button>
      </form>
      {problem && problem !== engineProblem && <ProblemNote problem={problem} />}
      <KnowledgeLine id={`${id}-knows`} said={said} onChoose={writeQuestion} />
      <div className="md:flex md:items-center md:gap-x-8">
        <Examples isDisabled={isComputing} />
        <ModelChoice isDisabled={isComputing} />
      </div>
      <TrainingNote />
      <AskSettings />
    </div>
  );
}

/** Questions to try, in one line that can be moved where it is longer than the screen. */
function Examples({ isDisabled }: { readonly isDisabled: boolean }) {
  const { t } = useTranslation();
  const examples = useExamples();
  const choose = (example: string) => {
    writeQuestion(example);
    void ask(example);
  };
  return (
    <div className="flex h-9 min-w-0 flex-1 items-center gap-x-4 scroll-x text-fine whitespace-nowrap">
      {examples.length > 0 && <span className="text-soft">{t('ask.try')}</span>}
      {examples.map((example) => (
        <button
          key={example}
          type="button"
          className="button-plain min-h-7 shrink-0 rounded-none border-b hairline text-fine"
          disabled={isDisabled}
          onClick={() => choose(example)}
        >
          {toPlainMaths(example.replace(/=\?$/, ''))}
        </button>
      ))}
    </div>
  );
}
