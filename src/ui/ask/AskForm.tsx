// The box to ask in, examples to try, and the settings of the next question.
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, stopAsk, useAsk } from '../../state/ask';
import { isAnswering } from '../../state/askReducer';
import { useSession } from '../../state/session';
import { toPlainMaths } from '../components/typeset';
import { tasksOfCard } from '../models/card';
import { useNames } from '../names';
import { AskSettings } from './AskSettings';
import { ModelChoice } from './ModelChoice';

export function AskForm() {
  const { t } = useTranslation();
  const [question, setQuestion] = useState('');
  const isRunning = useAsk((state) => isAnswering(state) && state.origin === 'live');
  const isStopping = useAsk((state) => state.isStopping);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRunning) void stopAsk();
    else void ask(question);
  };
  // The settings stay outside the form: Enter in one of them takes the number over and asks nothing.
  return (
    <div className="mt-6">
      <form onSubmit={submit} className="flex gap-2">
        <input
          id="question"
          aria-label={t('ask.question')}
          placeholder={t('ask.placeholder')}
          autoComplete="off"
          spellCheck={false}
          value={question}
          onChange={(event) => setQuestion(event.target.value)}
          className="min-h-12 min-w-0 flex-1 rounded-lg border border-edge bg-raised px-4 font-voice text-lg placeholder:font-sans placeholder:text-base placeholder:text-soft"
        />
        <button type="submit" className="button button-primary min-w-20" disabled={isStopping}>
          {t(isRunning ? (isStopping ? 'ask.stopping' : 'ask.stop') : 'ask.ask')}
        </button>
      </form>
      <Examples
        isDisabled={isRunning}
        onChoose={(example) => {
          setQuestion(example);
          void ask(example);
        }}
      />
      <ModelChoice isDisabled={isRunning} />
      <AskSettings />
    </div>
  );
}

interface ExamplesProps {
  readonly isDisabled: boolean;
  readonly onChoose: (question: string) => void;
}

/** Questions to try, of one task at a time. */
function Examples({ isDisabled, onChoose }: ExamplesProps) {
  const { t } = useTranslation();
  const names = useNames();
  const allTasks = useSession((session) => session.catalogue?.tasks) ?? [];
  const readme = useSession((session) => session.model?.readme);
  const tasks = tasksOfCard(readme, allTasks);
  const [chosen, setChosen] = useState<string>();
  const task = tasks.find(({ name }) => name === chosen) ?? tasks[0];
  if (task === undefined) return null;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 text-fine">
      <span className="text-soft">{t('ask.try')}</span>
      {tasks.length > 1 && (
        <select
          aria-label={t('ask.tryTask')}
          className="min-h-7 max-w-44 bg-paper text-fine text-soft"
          value={task.name}
          onChange={(event) => setChosen(event.target.value)}
        >
          {tasks.map(({ name }) => (
            <option key={name} value={name}>
              {names.task(name)}
            </option>
          ))}
        </select>
      )}
      {task.examples.map((example) => (
        <button
          key={example}
          type="button"
          className="button-plain min-h-7 rounded-none border-b hairline text-fine"
          disabled={isDisabled}
          onClick={() => onChoose(example)}
        >
          {toPlainMaths(example.replace(/=\?$/, ''))}
        </button>
      ))}
    </div>
  );
}
