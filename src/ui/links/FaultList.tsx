// What is wrong with a link, value by value: what was found, and what is needed.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type * as v from 'valibot';
import type { LinkFault, LinkNeed } from '../../state/links/values';
import { rangeOf, writeRange } from '../components/numberRange';

const MOST_SHOWN = 8;

export function FaultList({ faults }: { readonly faults: readonly LinkFault[] }) {
  const { t } = useTranslation();
  return (
    <ul className="my-2 list-disc pl-5 text-fine">
      {faults.slice(0, MOST_SHOWN).map(({ name, found, need }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may be there twice.
        <li key={i} className="wrap-anywhere">
          {t('links.found', { name: name ?? t('links.whole'), found })} {needWords(need, t)}
        </li>
      ))}
      {faults.length > MOST_SHOWN && <li>…</li>}
    </ul>
  );
}

function needWords(need: LinkNeed, t: TFunction): string {
  switch (need.kind) {
    case 'schema':
      return schemaWords(need.schema, t);
    case 'oneOf':
      return asA(need.choices.length === 0 ? t('links.noChoice') : listed(need.choices, t), t);
    case 'range':
      return asA(t('links.dial', { name: need.about, min: need.min, max: need.max }), t);
    case 'length':
      return asA(t('links.length', { max: need.max }), t);
    case 'pairs':
    case 'list':
    case 'models':
      return asA(t(`links.${need.kind}`), t);
    case 'once':
    case 'here':
    case 'runHere':
    case 'code':
      return t(`links.${need.kind}`);
  }
}

const asA = (what: string, t: TFunction) => t('links.asA', { what });
const listed = (choices: readonly string[], t: TFunction) => t('links.oneOf', { choices: choices.join(', ') });

/** As much of a schema as tells what it takes. */
interface Part {
  readonly type: string;
  readonly options?: readonly (string | Part)[];
  readonly wrapped?: Part;
  readonly pipe?: readonly Part[];
}

function schemaWords(schema: v.GenericSchema, t: TFunction): string {
  const choices = choicesOf(schema as unknown as Part);
  return choices.length > 0 ? asA(listed(choices, t), t) : writeRange({ ...rangeOf(schema), mayBeEmpty: false }, t);
}

/** The words that a schema takes; none for a number. */
function choicesOf({ type, options = [], wrapped, pipe }: Part): readonly string[] {
  if (wrapped) return choicesOf(wrapped);
  if (type === 'boolean') return ['true', 'false'];
  if (options.length > 0) return options.flatMap((option) => (typeof option === 'string' ? option : choicesOf(option)));
  return pipe === undefined ? [] : pipe.slice(0, 1).flatMap((first) => (first.pipe === pipe ? [] : choicesOf(first)));
}
