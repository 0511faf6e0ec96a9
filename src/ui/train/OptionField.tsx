// One GRPO option: the right control for its kind, checked by the schema.
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrpoConfig } from '../../protocol/protocol';
import { currentDraft, setDraft } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { NumberInput } from '../components/NumberInput';
import { upTo } from '../components/numberRange';
import { Field, Select } from './Field';
import { OPTION_KINDS, type OptionName, rangeOfOption, withOption } from './options';

interface OptionFieldProps {
  readonly name: OptionName;
  readonly value: GrpoConfig[OptionName];
}

/** There are many of these: one renders again only when its own value changes. */
export const OptionField = memo(function OptionField({ name, value }: OptionFieldProps) {
  const { t } = useTranslation();
  const id = `option-${name}`;
  const option = OPTION_KINDS[name];
  // The models that come with the page have equal room; another has been loaded by who starts from it.
  const room = useSession(({ model }) => model?.room.completion);
  const most = name === 'max_completion_length' ? room : undefined;
  const change = (next: unknown) => {
    const draft = currentDraft(useSession.getState().catalogue);
    const config = draft && withOption(draft.config, name, next);
    if (config) setDraft({ ...draft, config });
  };
  return (
    <Field
      id={id}
      label={t(`option.${name}.label`)}
      name={name}
      help={t(`option.${name}.help`)}
      isMenu={option.kind !== 'number'}
    >
      {option.kind === 'number' && (
        <NumberInput
          id={id}
          value={typeof value === 'number' ? value : null}
          range={upTo(rangeOfOption(name), most)}
          onChange={change}
        />
      )}
      {option.kind === 'choice' && (
        <Select
          id={id}
          value={String(value)}
          choices={option.choices.map((choice) => ({ value: choice, text: choice }))}
          onChange={change}
        />
      )}
      {option.kind === 'switch' && (
        <Select
          id={id}
          value={value === true ? 'true' : 'false'}
          choices={[
            { value: 'true', text: t('train.on') },
            { value: 'false', text: t('train.off') },
          ]}
          onChange={(next) => change(next === 'true')}
        />
      )}
    </Field>
  );
});
