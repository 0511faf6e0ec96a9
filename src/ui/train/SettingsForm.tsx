// What a run will practise and how: task, difficulty, recipe, the options that matter most, and rewards.
import { ChevronDown, ChevronRight } from 'lucide-react';
import { Suspense, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { grpoConfig } from '../../protocol/options';
import type { Catalogue, GrpoConfig, RunSettings } from '../../protocol/protocol';
import { setDraft, useShelf } from '../../state/page/run';
import { useSession } from '../../state/page/session';
import { shippedAsItCame } from '../../state/shipped';
import { chosenStart } from '../../state/start';
import { Hint } from '../components/Hint';
import { NumberInput } from '../components/NumberInput';
import { lazyPart } from '../i18n/lazyPart';
import { useNames } from '../names';
import { useTaskNames } from '../taskNames';
import { ConfigNotes } from './ConfigNotes';
import { CustomReward } from './CustomReward';
import { Expectation } from './Expectation';
import { Field, Select } from './Field';
import { MemoryNeed } from './MemoryNeed';
import { OptionField } from './OptionField';
import { OwnProblems } from './OwnProblems';
import { CURATED } from './options';

const CopyRunLink = lazyPart('links', () => import('../links/CopyRunLink'));

interface SettingsFormProps {
  readonly catalogue: Catalogue;
  readonly draft: RunSettings;
  /** Whether the options beyond these are shown, and the id of the part of the page that shows them. */
  readonly isFurtherOpen: boolean;
  readonly furtherId: string;
  readonly onFurther: () => void;
}

export function SettingsForm({ catalogue, draft, isFurtherOpen, furtherId, onFurther }: SettingsFormProps) {
  const { t } = useTranslation();
  const names = useNames();
  const tasks = useTaskNames();
  const id = useId();
  const task = catalogue.tasks.find(({ name }) => name === draft.task);
  const preset = catalogue.presets.find(({ name }) => name === draft.preset);
  const setConfig = (config: GrpoConfig) => setDraft({ ...draft, config });
  const chooseTask = (name: string) => {
    // A set of the reader's own has none.
    const dials = catalogue.tasks.find((known) => known.name === name)?.dials ?? [];
    setDraft({ ...draft, task: name, difficulty: Object.fromEntries(dials.map((dial) => [dial.name, dial.default])) });
  };
  const choosePreset = (name: string) => {
    const preset = catalogue.presets.find((known) => known.name === name);
    const { seed, custom_reward } = draft.config;
    const kept = { seed, custom_reward };
    if (preset) setDraft({ ...draft, preset: name, config: grpoConfig({ ...kept, ...preset.options }) });
  };
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className="caps">
        {t('train.settings')}
      </h2>
      <Field id={`${id}-task`} label={t('train.task')} help={t('train.taskHelp')}>
        <Select
          id={`${id}-task`}
          value={draft.task}
          choices={catalogue.tasks.map(({ name }) => ({ value: name, text: tasks.task(name) }))}
          onChange={chooseTask}
        />
      </Field>
      <OwnProblems onUse={chooseTask} />
      {task?.dials.map((dial) => {
        const value = draft.difficulty[dial.name] ?? dial.default;
        return (
          <div key={dial.name} className="mt-3">
            <label htmlFor={`${id}-${dial.name}`} className="flex text-fine text-soft">
              {tasks.dial(dial.name)} <output className="ml-auto text-ink">{value}</output>
            </label>
            <input
              id={`${id}-${dial.name}`}
              type="range"
              className="h-6 w-full"
              min={dial.min}
              max={dial.max}
              value={value}
              onChange={(event) =>
                setDraft({ ...draft, difficulty: { ...draft.difficulty, [dial.name]: Number(event.target.value) } })
              }
            />
          </div>
        );
      })}
      <Field id={`${id}-preset`} label={t('train.preset')} help={t('train.presetHelp')}>
        <Select
          id={`${id}-preset`}
          value={draft.preset}
          choices={catalogue.presets.map(({ name }) => ({ value: name, text: name }))}
          onChange={choosePreset}
        />
      </Field>
      {preset && <p className="mt-1 text-fine text-soft">{names.presetSummary(preset)}</p>}
      {CURATED.map((name) => (
        <OptionField key={name} name={name} value={draft.config[name]} />
      ))}
      <MemoryNeed config={draft.config} />
      <Expectation draft={draft} />
      <ConfigNotes config={draft.config} />
      <Rewards catalogue={catalogue} task={draft.task} config={draft.config} onChange={setConfig} />
      <button
        type="button"
        className="button-plain mt-4 -ml-1 text-fine"
        aria-expanded={isFurtherOpen}
        aria-controls={furtherId}
        onClick={onFurther}
      >
        {isFurtherOpen ? <ChevronDown aria-hidden size={14} /> : <ChevronRight aria-hidden size={14} />}
        {t('train.moreOptions')}
      </button>
      <DraftLink draft={draft} />
    </section>
  );
}

/** The link to these settings and to where a run with them would start, if that is a model that anybody has. */
function DraftLink({ draft }: { readonly draft: RunSettings }) {
  const model = useSession((session) => session.model);
  const models = useSession((session) => session.catalogue?.models) ?? [];
  const key = useShelf((shelf) => shelf.start);
  const chosen = model && chosenStart(model, models, key);
  const start = chosen === 'loaded' ? shippedAsItCame(model, models) : chosen;
  return (
    <div className="flex min-h-8 flex-wrap gap-x-4">
      <Suspense>
        <CopyRunLink settings={draft} start={start?.id} />
      </Suspense>
    </div>
  );
}

interface RewardsProps {
  readonly catalogue: Catalogue;
  readonly task: string;
  readonly config: GrpoConfig;
  readonly onChange: (config: GrpoConfig) => void;
}

function Rewards({ catalogue, task, config, onChange }: RewardsProps) {
  const { t } = useTranslation();
  const tasks = useTaskNames();
  const id = useId();
  const isGame = catalogue.tasks.some(({ name, isGame }) => isGame && name === task);
  // One that is set is shown, whatever it needs, so that it can be taken out.
  const fitting = catalogue.rewards
    .filter(({ name, needs }) => !needs || (needs === 'game' && isGame) || name in config.reward_weights)
    .map(({ name }) => name);
  const setWeight = (name: string, weight: number) => {
    const { [name]: _, ...others } = config.reward_weights;
    onChange({ ...config, reward_weights: weight === 0 ? others : { ...others, [name]: weight } });
  };
  return (
    <fieldset className="mt-3">
      <legend className="flex w-full items-center gap-1 text-fine text-soft">
        {t('train.rewards')}
        <Hint about={t('train.rewards')}>{t('train.rewardsHelp')}</Hint>
        <code className="ml-auto font-mono text-[0.6875rem]">reward_weights</code>
      </legend>
      {[...fitting, ...(config.custom_reward === '' ? [] : ['custom'])].map((name) => {
        const { label, help } = tasks.reward(name);
        return (
          <div key={name} className="flex items-center gap-1">
            <label htmlFor={`${id}-${name}`} title={name}>
              {label}
            </label>
            {help && <Hint about={label}>{help}</Hint>}
            <span className="ml-auto w-16">
              <NumberInput
                id={`${id}-${name}`}
                value={config.reward_weights[name] ?? 0}
                range={{}}
                onChange={(value) => setWeight(name, value ?? 0)}
              />
            </span>
          </div>
        );
      })}
      <CustomReward config={config} onChange={onChange} />
    </fieldset>
  );
}
