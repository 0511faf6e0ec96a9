// The formula of an answer, which can be had with the weights as they are now, after the step that it led to.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerReading, Result } from '../../protocol/protocol';
import { ProblemNote } from '../components/ProblemNote';
import AnswerFormula, { type AnswerFormulaProps } from './AnswerFormula';

interface AnswerAgainProps extends Omit<AnswerFormulaProps, 'again'> {
  /** Has the weights as they are now read the answer; undefined where they cannot. */
  readonly readAgain: (() => Promise<Result<AnswerReading>>) | undefined;
}

export default function AnswerAgain({ readAgain, ...place }: AnswerAgainProps) {
  const { t } = useTranslation();
  const [again, setAgain] = useState<Result<AnswerReading>>();
  const [isReading, setReading] = useState(false);
  const read = async () => {
    setReading(true);
    setAgain(await readAgain?.());
    setReading(false);
  };
  return (
    <>
      <AnswerFormula {...place} again={again?.ok ? again.value : undefined} />
      {readAgain && !again?.ok && (
        <button type="button" className="button mb-4" disabled={isReading} onClick={() => void read()}>
          {t('formula.again')}
        </button>
      )}
      {!readAgain && <p className="mb-4 text-fine text-soft">{t('formula.againNot')}</p>}
      {again?.ok === false && <ProblemNote problem={again.error} />}
    </>
  );
}
