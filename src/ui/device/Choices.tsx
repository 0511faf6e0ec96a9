// Where the engine had a choice on this device: what it took, and why, one paragraph for all choices of one kind and reason.
import { useTranslation } from 'react-i18next';
import type { EngineChoice } from '../../protocol/protocol';
import { type ChoiceGroup, groupChoices } from './choiceGroups';
import { useChoiceWords } from './useChoiceWords';

export function Choices({ choices }: { readonly choices: readonly EngineChoice[] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="choices-title" className="min-w-0">
      <h2 id="choices-title" className="caps">
        {t('device.choices')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">
        {t(choices.length === 0 ? 'device.choicesNone' : 'device.choicesHelp')}
      </p>
      {groupChoices(choices).map((group) => (
        <Group key={group.choices[0].subject} group={group} />
      ))}
    </section>
  );
}

function Group({ group: { isProducts, chosen, choices } }: { readonly group: ChoiceGroup }) {
  const { t } = useTranslation();
  const words = useChoiceWords();
  const [first] = choices;
  const isMeasured = first.why.kind === 'fastest';
  const subject = isProducts
    ? t('device.productKinds', { count: choices.length })
    : choices.length === 1
      ? words.subject(first.subject)
      : t('device.kernelCount', { count: choices.length });
  return (
    <div className="border-b border-dotted border-line py-2 text-sm">
      <p>
        {subject}: <b className="font-semibold">{words.chosen(chosen)}</b>
      </p>
      <p className="max-w-prose text-fine break-words text-soft">
        {isMeasured && choices.length > 1 ? t('device.why.fastestOfAll') : words.why(first.why)}
      </p>
      {choices.length > 1 && (
        <details className="mt-1 text-fine text-soft">
          <summary className="min-h-6">{t('device.oneByOne')}</summary>
          <ul className="mt-1 space-y-1">
            {choices.map((choice) => (
              <li key={choice.subject} className="break-words">
                {words.subject(choice.subject)}
                {isMeasured && `: ${words.why(choice.why)}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
