// Where parameters lie: one pool where the device allows it, and else several that together hold the same.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBuffer, parameterShapes } from './parameterShapes';
import { flatten, parameterLayout, unflatten, unpackParameters } from './parameters';
import { presetModel } from './presets';

const SIZES = {
  hidden_size: 16,
  moe_intermediate_size: 24,
  intermediate_size: 40,
  num_hidden_layers: 3,
  first_k_dense_replace: 1,
  num_attention_heads: 2,
  n_routed_experts: 4,
  kv_lora_rank: 8,
};
const UNTIED = presetModel('nano', 50, { ...SIZES, tie_word_embeddings: false }).architecture;
const TIED = presetModel('nano', 50, { ...SIZES, tie_word_embeddings: true }).architecture;
/** Floats of the largest unit: a layer's gates. */
const LARGEST = 2 * (4 + 1) * 24 * 16 + 4 * 128;

describe('parameters in several pools', () => {
  const anyModel = fc.constantFrom(UNTIED, TIED);
  const limits = fc.integer({ min: LARGEST, max: 30_000 });

  it('fill none beyond the limit, begin where a binding may, and never overlap', () => {
    fc.assert(
      fc.property(anyModel, limits, (model, limit) => {
        const { specs, poolSizes } = parameterLayout(model, limit);
        for (const size of poolSizes) expect(size).toBeLessThanOrEqual(limit);
        const ends = poolSizes.map(() => 0);
        for (const spec of [...specs.values()].sort((a, b) => a.offset - b.offset)) {
          expect(spec.offset % 128).toBe(0);
          expect(spec.offset).toBeGreaterThanOrEqual(ends[spec.pool] as number);
          ends[spec.pool] = spec.offset + spec.size;
        }
        for (const [i, end] of ends.entries()) expect(end).toBeLessThanOrEqual(poolSizes[i] as number);
      }),
    );
  });

  it('are the same numbers, whatever the limit', () => {
    const one = parameterLayout(UNTIED);
    const flat = Float32Array.from({ length: one.flatSize }, (_, i) => i);
    /** Everything about the tensors, in a form that is quick to compare. */
    const told = (tensors: ReturnType<typeof unpackParameters>) =>
      JSON.stringify([...tensors].map(([name, { shape, data }]) => [name, shape, [...data]]));
    const expected = told(unpackParameters(one, [flat]));
    fc.assert(
      fc.property(limits, (limit) => {
        const layout = parameterLayout(UNTIED, limit);
        const pools = unflatten(layout, flat);
        expect(pools.map(({ length }) => length)).toEqual(layout.poolSizes);
        expect(told(unpackParameters(layout, pools)) === expected).toBe(true);
        expect(told(unpackParameters(one, [flatten(layout, pools)])) === expected).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('keep together what a kernel reads at once', () => {
    for (const model of [UNTIED, TIED]) {
      const { specs, poolSizes } = parameterLayout(model, LARGEST);
      expect(poolSizes.length).toBeGreaterThan(4);
      const poolsOf = (...names: string[]) => new Set(names.map((name) => specs.get(`${name}.weight`)?.pool));
      for (const together of [
        ['layers.1.attention.norm', 'layers.1.attention.query', 'layers.1.attention.latentUp'],
        ['layers.1.feedForward.norm', 'layers.1.feedForward.router', 'layers.1.feedForward.experts.gateUp'],
        ['layers.1.feedForward.experts.gateUp', 'layers.1.feedForward.shared.gateUp'],
        ['layers.1.feedForward.experts.down', 'layers.1.feedForward.shared.down'],
        ['layers.0.feedForward.norm', 'layers.0.feedForward.gateUp'],
      ]) {
        expect(poolsOf(...together).size).toBe(1);
        expect(poolsOf(...together).has(undefined)).toBe(false);
      }
      const head = specs.get(model.isTied ? 'embedding.weight' : 'head.weight');
      expect(head?.pool).toBe(specs.get('norm.weight')?.pool);
    }
  });
});

it('are one pool in the order of the tensors where it may be as large', () => {
  const { specs, poolSizes, flatSize } = parameterLayout(UNTIED);
  expect(poolSizes).toEqual([flatSize]);
  for (const { pool, offset, flatOffset } of specs.values()) expect([pool, offset]).toEqual([0, flatOffset]);
  const stored = [...specs.values()].flatMap(({ parts }) => parts.map(({ name }) => name));
  const trained = [...parameterShapes(UNTIED).keys()].filter((name) => !isBuffer(name));
  expect(new Set(stored)).toEqual(new Set(trained));
  expect(stored).toHaveLength(trained.length);
});
