// Where the engine had a choice on this device: what it took, and why.
import { useTranslation } from 'react-i18next';
import type { EngineChoice } from '../../worker/protocol';

export function Choices({ choices }: { readonly choices: readonly EngineChoice[] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="choices-title" className="mt-10 border-t hairline pt-5">
      <h2 id="choices-title" className="caps">
        {t('device.choices')}
      </h2>
      <p className="mt-1 max-w-prose text-fine text-soft">
        {t(choices.length === 0 ? 'device.choicesNone' : 'device.choicesHelp')}
      </p>
      <dl className="mt-2 grid gap-x-12 text-sm md:grid-cols-2">
        {choices.map(({ subject, chosen, reason }) => (
          <div
            key={subject}
            className="flex min-w-0 flex-wrap justify-between gap-x-4 border-b border-dotted border-line py-1.5"
          >
            <dt className="min-w-0">{subject}</dt>
            <dd className="font-semibold">{chosen}</dd>
            <dd className="w-full text-fine break-words text-soft">{reason}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
