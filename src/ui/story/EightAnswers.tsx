// Several answers to one question while they are written, a line each; how each ended.
import { useTranslation } from 'react-i18next';
import type { Sample } from '../../state/askReducer';
import { LanguageText } from '../components/LanguageText';

export function EightAnswers({ samples }: { readonly samples: readonly Sample[] }) {
  return (
    <ol className="mt-2">
      {[...samples.entries()].map(([index, sample]) => (
        <Row key={index} sample={sample} />
      ))}
    </ol>
  );
}

function Row({ sample: { tokens, summary } }: { readonly sample: Sample }) {
  const { t } = useTranslation();
  const isRight = summary?.verdict?.correct;
  return (
    <li className="flex min-h-9 items-baseline gap-3 border-b border-dotted border-line py-1">
      <p className="min-w-0 flex-1 font-mono text-sm break-words">
        {[...tokens.entries()].map(([index, { text, part }]) => (
          <span key={index} className={part === 'tag' ? 'text-xs text-think' : part === 'answer' ? 'font-bold' : ''}>
            {part === 'thinking' ? <LanguageText text={text} /> : text}
          </span>
        ))}
        {!summary && <span className="caret ml-0.5" />}
      </p>
      {isRight !== undefined && (
        <span className={`shrink-0 text-fine ${isRight ? 'text-good' : 'text-bad'}`}>
          {isRight ? `✓ ${t('compare.right')}` : `✗ ${t('compare.wrong')}`}
        </span>
      )}
    </li>
  );
}
