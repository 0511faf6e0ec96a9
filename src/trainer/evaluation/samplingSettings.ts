// How answers are drawn, under TRL's names: written once for training, rejection sampling and evaluations.
import * as v from 'valibot';
import { DEFAULT_GENERATION, type GenerationSettings } from '../../formats/huggingface/generationConfig';

/** A policy that is trained must be drawn from; an evaluation may take the likeliest token, at temperature 0. */
const LEAST_TEMPERATURE = 0.05;

/** Entries of a schema. @param leastTemperature that is allowed. */
export function samplingEntries(leastTemperature = LEAST_TEMPERATURE) {
  return {
    max_completion_length: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), DEFAULT_GENERATION.maxNewTokens),
    temperature: v.optional(v.pipe(v.number(), v.minValue(leastTemperature)), 1),
    top_p: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), 1),
    /** 0 keeps every token, as in TRL. */
    top_k: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  };
}

type Entries = ReturnType<typeof samplingEntries>;
export type SamplingSettings = { readonly [K in keyof Entries]: v.InferOutput<Entries[K]> };

/** How a model answers by these settings: what its evaluations measure, and what is written with it. */
export function generationOf(s: SamplingSettings & { readonly min_p?: number | null }): GenerationSettings {
  const { temperature, top_p: topP, top_k: topK, min_p: minP } = s;
  return { temperature, topP, topK, ...(minP && { minP }), maxNewTokens: s.max_completion_length };
}
