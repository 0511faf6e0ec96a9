// How the next question is asked: how tokens are drawn, how many answers at once, and how long the model may think.
import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../protocol/protocol';
import { choosePaneMode, useAsk } from '../../state/page/ask';
import { setAskSettings, usePreferences } from '../../state/page/preferences';
import { useSession } from '../../state/page/session';
import { askSettingsSchema, type AskSettings as Settings } from '../../state/preferences';
import type { PaneMode } from '../../state/thinkingPane';
import { NumberInput } from '../components/NumberInput';
import { rangeOf, upTo } from '../components/numberRange';

type NumberName = Exclude<keyof Settings, 'thinking'>;

const SAMPLING: readonly NumberName[] = ['temperature', 'topP', 'topK', 'maxTokens', 'seed', 'samples'];

const MODES: readonly PaneMode[] = ['open', 'auto', 'closed'];

const THINKING: readonly Settings['thinking'][] = ['free', 'none', 'budget', 'wait'];

export function AskSettings() {
  const { t } = useTranslation();
  const thinking = usePreferences(({ ask }) => ask.thinking);
  return (
    <details className="text-fine open:pb-5">
      <summary className="min-h-7 w-fit py-1 text-soft">{t('ask.settings')}</summary>
      <div className="mt-2 grid gap-x-8 gap-y-4 sm:grid-cols-2 md:grid-cols-3">
        {SAMPLING.map((name) => (
          <NumberField key={name} name={name} />
        ))}
        <div>
          <label htmlFor="ask-thinking">{t('ask.thinkingMode')}</label>
          <select
            id="ask-thinking"
            className="field"
            aria-describedby="ask-thinking-help"
            value={thinking}
            onChange={({ target: { value } }) => {
              const chosen = THINKING.find((mode) => mode === value);
              if (chosen) setAskSettings({ thinking: chosen });
            }}
          >
            {THINKING.map((mode) => (
              <option key={mode} value={mode} className="bg-raised">
                {t(`ask.thinkingModes.${mode}`)}
              </option>
            ))}
          </select>
          <p id="ask-thinking-help" className="mt-1 text-soft">
            {t(`ask.thinkingModesHelp.${thinking}`)}
          </p>
        </div>
        <PaneModeField />
        {thinking === 'budget' && <NumberField name="thinkingBudget" />}
        {thinking === 'wait' && <NumberField name="waits" />}
      </div>
    </details>
  );
}

/** Whether the thinking stays open. What was done by hand wins until this is chosen again. */
function PaneModeField() {
  const { t } = useTranslation();
  const pane = useAsk((state) => state.pane);
  return (
    <div>
      <label htmlFor="ask-pane">{t('ask.whenToShow')}</label>
      <select
        id="ask-pane"
        className="field"
        aria-describedby="ask-pane-help"
        value={pane.userOpen === undefined ? pane.mode : 'hand'}
        onChange={({ target: { value } }) => {
          const mode = MODES.find((name) => name === value);
          if (mode) choosePaneMode(mode);
        }}
      >
        {MODES.map((mode) => (
          <option key={mode} value={mode} className="bg-raised">
            {t(`ask.mode.${mode}`)}
          </option>
        ))}
        {pane.userOpen !== undefined && (
          <option value="hand" className="bg-raised">
            {t('ask.mode.hand')}
          </option>
        )}
      </select>
      <p id="ask-pane-help" className="mt-1 text-soft">
        {t('ask.whenToShowHelp')}
      </p>
    </div>
  );
}

/** What a field stands for while it is empty: the model's own. */
const OWN: Partial<Record<NumberName, keyof ModelInfo['generation']>> = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  maxTokens: 'maxNewTokens',
};

/** What an answer must have room for. */
const IS_LENGTH: readonly NumberName[] = ['maxTokens', 'thinkingBudget'];

function NumberField({ name }: { readonly name: NumberName }) {
  const { t } = useTranslation();
  const value = usePreferences(({ ask }) => ask[name]);
  const generation = useSession(({ model }) => model?.generation);
  const own = OWN[name];
  const room = useSession(({ model }) => model?.room.answer);
  const range = upTo(rangeOf(askSettingsSchema.entries[name]), IS_LENGTH.includes(name) ? room : undefined);
  return (
    <div>
      <label htmlFor={`ask-${name}`}>{t(`ask.${name}`)}</label>
      <NumberInput
        id={`ask-${name}`}
        value={value}
        range={range}
        onChange={(typed) => (typed !== null || range.mayBeEmpty) && setAskSettings({ [name]: typed })}
        describedBy={`ask-${name}-help`}
        placeholder={own && generation && t('ask.modelsOwn', { value: generation[own] })}
      />
      <p id={`ask-${name}-help`} className="mt-1 text-soft">
        {t(`ask.${name}Help`)}
      </p>
    </div>
  );
}
