// A link to a question: what is asked, of which model, and how tokens are drawn. Pure.
import * as v from 'valibot';
import type { AskRequest } from '../../protocol/protocol';
import { writeAddress } from '../address';
import { type AskSettings, askSettingsSchema } from '../preferences';
import { LinkReader, type LinkResult } from './values';

const MAX_QUESTION_LENGTH = 4000;
const MAX_NAME_LENGTH = 200;

/** Settings by the names that they have in a link: Hugging Face's, where it has one. */
const NAMES = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  maxTokens: 'max_new_tokens',
  seed: 'seed',
  samples: 'samples',
  thinking: 'thinking',
  thinkingBudget: 'thinking_budget',
  waits: 'waits',
} as const satisfies Record<keyof AskSettings, string>;
const DEFAULTS: AskSettings = v.parse(askSettingsSchema, {});
const SETTINGS = Object.keys(NAMES) as (keyof AskSettings)[];

export interface AskLink {
  readonly question: string | undefined;
  /** Name of the model; undefined: whichever is loaded. */
  readonly model: string | undefined;
  /** What the link leaves open is as for a first-time reader. */
  readonly settings: AskSettings;
}

/** Reads the values of `#ask?…`. */
export function readAskLink(values: string): LinkResult<AskLink> {
  const reader = new LinkReader(values);
  const given = SETTINGS.map((name) => [
    name,
    reader.typed<v.GenericSchema>(NAMES[name], askSettingsSchema.entries[name]),
  ]);
  const question = reader.text('q', MAX_QUESTION_LENGTH);
  const model = reader.text('model', MAX_NAME_LENGTH);
  const settings = { ...DEFAULTS, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  return reader.result({ question, model, settings });
}

/** The address behind `#` for a link; settings that it leaves to the model are not in it. */
export function writeAskLink({ question, model, settings }: AskLink): string {
  const { thinking } = settings;
  const isSaid = (name: keyof AskSettings) => {
    if (name === 'thinkingBudget') return thinking === 'budget';
    if (name === 'waits') return thinking === 'wait';
    return settings[name] !== null;
  };
  const said = SETTINGS.filter(isSaid).map((name) => [NAMES[name], String(settings[name])] as const);
  const names = [
    ['q', question],
    ['model', model],
  ].filter((pair): pair is [string, string] => pair[1] !== undefined);
  return writeAddress('ask', undefined, [...names, ...said]);
}

/** The link to a question as it was put: every number is in it. */
export function linkOfRequest(request: AskRequest, model: string | undefined): AskLink {
  const { question, temperature, topP, topK, maxTokens, seed, samples, thinking } = request;
  const { budget, waits } = thinking ?? { budget: null, waits: 0 };
  const mode = thinking === null ? 'free' : waits > 0 ? 'wait' : budget === 0 ? 'none' : 'budget';
  return {
    question,
    model,
    settings: {
      ...DEFAULTS,
      ...{ temperature, topP, topK, maxTokens, seed, samples, thinking: mode },
      ...(mode === 'budget' && budget !== null && { thinkingBudget: budget }),
      ...(mode === 'wait' && { waits }),
    },
  };
}
