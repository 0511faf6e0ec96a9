// A grid of trainings as data: sizes × lengths on one corpus, and some of them again on data that are repeated.
import * as v from 'valibot';
import { SoliloquyError } from '../../lib/errors';
import { PRESETS, type PresetName } from '../../model/presets';
import { corpusSettingsSchema } from '../../tasks/corpus';
import { completeDifficulty } from '../../tasks/difficulty';
import { getTask } from '../../tasks/registry';
import { likelihoodSettings } from '../../trainer/texts/likelihoodSettings';

/** A grid that cannot be run: a name or a number in its recipe is wrong. */
export class ScalingRecipeError extends SoliloquyError {
  readonly code = 'bad_scaling_recipe';
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const name = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,39}$/));
/** Overrides of a preset's config.json. */
const model = v.record(v.string(), v.union([v.number(), v.boolean(), v.null()]));
const { seed: _seed, steps: _steps, ...withoutLength } = likelihoodSettings;

export const scalingRecipeSchema = v.strictObject({
  name,
  summary: v.string(),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
  task: v.string(),
  difficulty: v.optional(v.record(v.string(), v.number()), {}),
  corpus: v.optional(corpusSettingsSchema, {}),
  preset: v.picklist(Object.keys(PRESETS) as PresetName[]),
  sizes: v.pipe(v.array(v.strictObject({ name, model })), v.minLength(1), v.maxLength(16)),
  /** Tokens that a run trains on, rounded up to whole steps. */
  tokens: v.pipe(v.array(positive), v.minLength(1), v.maxLength(16)),
  /** Runs on fewer texts than they have tokens for: every size named here with every number of tokens that differ. */
  repeated: v.optional(
    v.strictObject({ sizes: v.array(name), tokens: v.array(positive), unique_tokens: v.array(positive) }),
  ),
  /** Held-out texts on which every run's loss is measured. */
  evaluation: v.strictObject({ texts: positive }),
  /** Of every run. The one rule for the rate: learning_rate at a width of 64, in inverse proportion to the width. */
  training: v.strictObject(withoutLength),
});

export type ScalingRecipe = v.InferOutput<typeof scalingRecipeSchema>;

/** One training of the grid. */
export interface GridRun {
  /** Told apart from the others by it, and only by it. */
  readonly id: string;
  readonly size: ScalingRecipe['sizes'][number];
  readonly tokens: number;
  /** Tokens that differ; undefined: all. */
  readonly uniqueTokens: number | undefined;
}

/** The runs of a recipe, the cheapest first: those of all sizes on the fewest tokens, then on more, then those that repeat. */
export function gridOf({ sizes, tokens, repeated }: ScalingRecipe): readonly GridRun[] {
  const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);
  const once = ascending(tokens).flatMap((count) =>
    sizes.map((size) => ({ id: `${size.name}-${count}`, size, tokens: count, uniqueTokens: undefined })),
  );
  const again = ascending(repeated?.tokens ?? []).flatMap((count) =>
    ascending(repeated?.unique_tokens ?? [])
      .filter((unique) => unique < count)
      .flatMap((unique) =>
        sizes
          .filter((size) => repeated?.sizes.includes(size.name))
          .map((size) => ({ id: `${size.name}-${count}-of-${unique}`, size, tokens: count, uniqueTokens: unique })),
      ),
  );
  return [...once, ...again];
}

/** Checks what a recipe says against what there is. Throws ScalingRecipeError, UnknownTaskError or DifficultyError. */
export function parseScalingRecipe(value: unknown): ScalingRecipe {
  const result = v.safeParse(scalingRecipeSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    const path = v.getDotPath(issue) ?? 'the whole';
    if (issue.expected === 'never')
      throw new ScalingRecipeError(`The recipe's ${path} is no setting.`, 'Correct its name or take it out.');
    throw new ScalingRecipeError(
      `The recipe's ${path} is ${issue.received}.`,
      `It must be ${issue.expected ?? 'other'}.`,
    );
  }
  const recipe = result.output;
  const names = recipe.sizes.map((size) => size.name);
  const twice = names.find((one, i) => names.indexOf(one) !== i);
  if (twice !== undefined)
    throw new ScalingRecipeError(`Two sizes are named ${twice}.`, 'Give each a name of its own.');
  const unknown = recipe.repeated?.sizes.find((one) => !names.includes(one));
  if (unknown !== undefined)
    throw new ScalingRecipeError(
      `repeated names a size ${unknown}, which there is not.`,
      `There are: ${names.join(', ')}.`,
    );
  const task = getTask(recipe.task);
  completeDifficulty(task.dials, recipe.difficulty);
  return recipe;
}
