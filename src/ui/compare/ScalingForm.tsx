// What to measure: two models, how many problems and answers, and the controls of their thinking.
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScalingSettings } from '../../state/scaling';
import { FieldError } from '../components/FieldError';
import { NumberInput } from '../components/NumberInput';
import { wholeNumber } from '../components/numberRange';
import { useTypedField } from '../components/useTypedField';
import { Field, Select } from '../train/Field';
import { parseList } from './scalingInput';

/** A model has positions for little more than this. */
const MOST_TOKENS = 4096;
const MOST_WAITS = 16;

interface Choice {
  readonly value: string;
  readonly text: string;
}

interface ScalingFormProps {
  readonly choices: readonly Choice[];
  readonly chosen: readonly [string, string];
  readonly onChoose: (chosen: readonly [string, string]) => void;
  readonly settings: ScalingSettings;
  readonly onChange: (settings: ScalingSettings) => void;
  /** The longest answer while none is set, where it is known: the models' own. */
  readonly ownTokens: number | undefined;
}

export function ScalingForm({ choices, chosen, onChoose, settings, onChange, ownTokens }: ScalingFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const [first, second] = chosen;
  const count = (name: 'numProblems' | 'samples', max: number) => (
    <Field id={`${id}-${name}`} label={t(`scaling.${name}`)} help={t(`scaling.${name}Help`)}>
      <NumberInput
        id={`${id}-${name}`}
        value={settings[name]}
        range={wholeNumber(1, max)}
        onChange={(value) => value !== null && onChange({ ...settings, [name]: value })}
      />
    </Field>
  );
  return (
    <div className="grid gap-x-6 sm:grid-cols-2 md:grid-cols-4">
      <Wide>
        <Field id={`${id}-first`} label={t('scaling.first')} help={t('scaling.firstHelp')}>
          <Select
            id={`${id}-first`}
            value={first}
            choices={choices}
            onChange={(value) => onChoose([value, second === value ? '' : second])}
          />
        </Field>
      </Wide>
      <Wide>
        <Field id={`${id}-second`} label={t('scaling.second')} help={t('scaling.secondHelp')}>
          <Select
            id={`${id}-second`}
            value={second}
            choices={[{ value: '', text: t('scaling.noSecond') }, ...choices.filter(({ value }) => value !== first)]}
            onChange={(value) => onChoose([first, value])}
          />
        </Field>
      </Wide>
      {count('numProblems', 4096)}
      {count('samples', 256)}
      <ListField
        label={t('scaling.budgets')}
        help={t('scaling.budgetsHelp')}
        values={settings.budgets}
        max={MOST_TOKENS}
        onChange={(budgets) => onChange({ ...settings, budgets })}
      />
      <ListField
        label={t('scaling.waits')}
        help={t('scaling.waitsHelp')}
        values={settings.waits}
        max={MOST_WAITS}
        onChange={(waits) => onChange({ ...settings, waits })}
      />
      <Field id={`${id}-maxTokens`} label={t('scaling.maxTokens')} help={t('scaling.maxTokensHelp')}>
        <NumberInput
          id={`${id}-maxTokens`}
          value={settings.maxTokens}
          range={{ ...wholeNumber(1, MOST_TOKENS), mayBeEmpty: true }}
          placeholder={ownTokens === undefined ? t('scaling.ownTokens') : String(ownTokens)}
          onChange={(maxTokens) => onChange({ ...settings, maxTokens })}
        />
      </Field>
      <Field id={`${id}-temperature`} label={t('ask.temperature')} help={t('scaling.temperatureHelp')}>
        <NumberInput
          id={`${id}-temperature`}
          value={settings.temperature}
          range={{ min: 0, max: 10 }}
          onChange={(temperature) => temperature !== null && onChange({ ...settings, temperature })}
        />
      </Field>
    </div>
  );
}

function Wide({ children }: { readonly children: ReactNode }) {
  return <div className="min-w-0 sm:col-span-2">{children}</div>;
}

interface ListFieldProps {
  readonly label: string;
  readonly help: string;
  readonly values: readonly number[];
  readonly max: number;
  readonly onChange: (values: readonly number[]) => void;
}

function ListField({ label, help, values, max, onChange }: ListFieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const { input, errorId } = useTypedField({
    id,
    text: values.join(', '),
    read: (typed) => {
      const value = parseList(typed, max);
      return value && { value };
    },
    onChange,
  });
  return (
    <Field id={id} label={label} help={help}>
      <input {...input} placeholder={t('scaling.noValues')} />
      <FieldError id={errorId}>{t('scaling.invalidList', { max })}</FieldError>
    </Field>
  );
}
