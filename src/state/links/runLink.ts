// A link to the settings of a run: its task, where it starts, and every option that is not the trainer's default. Pure. The code
// of a reward of one's own is in it as text; who opens the link says whether it may run.
import type * as v from 'valibot';
import { grpoConfig, grpoConfigSchema } from '../../protocol/options';
import type { Catalogue, GrpoConfig, RunSettings } from '../../protocol/protocol';
import { writeAddress } from '../address';
import { defaultSettings } from '../draft';
import { runSettingsSchema } from '../preferences';
import { LinkReader, type LinkResult, writePairs } from './values';

const MAX_NAME_LENGTH = 100;
const MAX_CODE_LENGTH = 20_000;

/** What has a form of its own in a link. */
const APART = ['reward_weights', 'custom_reward'];
const OPTIONS = (Object.keys(grpoConfigSchema.entries) as (keyof GrpoConfig)[]).filter((name) => !APART.includes(name));
const RHYTHM = { evalProblems: 'eval_problems', evalEvery: 'eval_every', checkpointEvery: 'checkpoint_every' } as const;
const RHYTHM_NAMES = Object.keys(RHYTHM) as (keyof typeof RHYTHM)[];

/** Options that say how much there is of something: far more than any device holds. */
const AMOUNTS: readonly (keyof GrpoConfig)[] = [
  'num_prompts',
  'max_completion_length',
  'steps_per_generation',
  'num_iterations',
];
const MOST = 65_536;

export interface RunLink {
  readonly settings: RunSettings;
  /** Id of the shipped model that it starts from; undefined: wherever a run would start. */
  readonly start: string | undefined;
}

type Known = Pick<Catalogue, 'tasks' | 'presets' | 'rewards' | 'models'>;

/** Reads the values of `#train?…`. What the link leaves open is TRL's default, whatever the reader had set. */
export function readRunLink(values: string, catalogue: Known): LinkResult<RunLink> {
  const reader = new LinkReader(values);
  const usual = defaultSettings(catalogue);
  const task = reader.text('task', MAX_NAME_LENGTH) ?? usual.task;
  const preset = reader.text('preset', MAX_NAME_LENGTH) ?? usual.preset;
  const start = reader.text('start', MAX_NAME_LENGTH);
  refuseUnknown(
    reader,
    'task',
    task,
    catalogue.tasks.map(({ name }) => name),
  );
  refuseUnknown(
    reader,
    'preset',
    preset,
    catalogue.presets.map(({ name }) => name),
  );
  if (start !== undefined)
    refuseUnknown(
      reader,
      'start',
      start,
      catalogue.models.map(({ id }) => id),
    );
  const rhythm = RHYTHM_NAMES.map((name) => [name, reader.typed(RHYTHM[name], runSettingsSchema.entries[name])]);
  const settings: RunSettings = {
    ...usual,
    ...{ task, preset },
    ...Object.fromEntries(rhythm.filter(([, value]) => value !== undefined)),
    difficulty: readDifficulty(reader, task, catalogue),
    config: readConfig(reader, catalogue),
  };
  return reader.result({ settings, start });
}

function refuseUnknown(reader: LinkReader, name: string, found: string, choices: readonly string[]): void {
  if (!choices.includes(found)) reader.refuse(name, found, { kind: 'oneOf', choices });
}

function readDifficulty(reader: LinkReader, task: string, { tasks }: Known): Readonly<Record<string, number>> {
  const dials = tasks.find(({ name }) => name === task)?.dials ?? [];
  const given = reader.pairs('difficulty') ?? {};
  for (const [name, value] of Object.entries(given)) {
    const dial = dials.find((known) => known.name === name);
    if (dial === undefined)
      refuseUnknown(
        reader,
        'difficulty',
        name,
        dials.map((known) => known.name),
      );
    else if (!Number.isInteger(value) || value < dial.min || value > dial.max) {
      const { min, max } = dial;
      reader.refuse('difficulty', `${name}:${value}`, { kind: 'range', about: name, min, max });
    }
  }
  return Object.fromEntries(dials.map((dial) => [dial.name, given[dial.name] ?? dial.default]));
}

function readConfig(reader: LinkReader, { rewards }: Known): GrpoConfig {
  const schemas = grpoConfigSchema.entries as Readonly<Record<string, v.GenericSchema>>;
  const options = OPTIONS.map((name) => [name, reader.typed(name, schemas[name] as v.GenericSchema)]);
  for (const [name, value] of options) {
    const isAmount = AMOUNTS.some((amount) => amount === name);
    if (isAmount && Number(value) > MOST) {
      reader.refuse(String(name), String(value), { kind: 'range', about: String(name), min: 1, max: MOST });
    }
  }
  const code = reader.text('custom_reward', MAX_CODE_LENGTH);
  const weights = reader.pairs('rewards');
  const names = rewards.map(({ name }) => name);
  for (const name of Object.keys(weights ?? {})) {
    if (name === 'custom' && (code ?? '').trim() === '') reader.refuse('rewards', name, { kind: 'code' });
    else if (name !== 'custom') refuseUnknown(reader, 'rewards', name, names);
  }
  return {
    ...grpoConfig(),
    ...Object.fromEntries(options.filter(([, value]) => value !== undefined)),
    ...(code !== undefined && { custom_reward: code }),
    ...(weights !== undefined && { reward_weights: weights }),
  };
}

/** The address behind `#` for a link. */
export function writeRunLink({ settings, start }: RunLink): string {
  const { task, difficulty, preset, config } = settings;
  const usual = grpoConfig();
  const changed = OPTIONS.filter((name) => config[name] !== usual[name]);
  const values: (readonly [string, string | undefined])[] = [
    ['task', task],
    ['difficulty', writePairs(difficulty)],
    ['preset', preset],
    ['start', start],
    ...RHYTHM_NAMES.map((name) => [RHYTHM[name], String(settings[name])] as const),
    ...changed.map((name) => [name, String(config[name])] as const),
    ['rewards', writePairs(config.reward_weights)],
    ['custom_reward', config.custom_reward === '' ? undefined : config.custom_reward],
  ];
  return writeAddress(
    'train',
    undefined,
    values.filter(
      (pair): pair is [string, string] => pair[1] !== undefined && (pair[0] !== 'difficulty' || pair[1] !== ''),
    ),
  );
}
