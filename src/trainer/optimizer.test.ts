import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfigJson } from '../model/configJson';
import { parameterLayout } from '../model/parameters';
import { isDecayed } from './optimizer';

/** Names of the parameters that transformers lets decay, by the config of the model. */
const { cases } = JSON.parse(readFileSync(new URL('../testing/fixtures/decay.json', import.meta.url), 'utf8')) as {
  cases: Record<string, { config: unknown; decayed: string[] }>;
};

test.each(Object.keys(cases))('weight decay pulls on what it pulls on in transformers: %s', (name) => {
  const { config, decayed } = cases[name] as (typeof cases)[string];
  const names = [...parameterLayout(parseConfigJson(config)).specs.keys()];
  // transformers keeps gate and up projections of experts together; those of dense layers lie together only here.
  const joined = (theirs: string) => theirs.replace(/(shared_experts|mlp)\.(gate|up)_proj\./, '$1.gate_up_proj.');
  const plain = (ours: string) => ours.replace(/(\.experts\.\w+)\.weight$/, '$1');
  expect(new Set(names.filter(isDecayed).map(plain))).toEqual(new Set(decayed.map(joined)));
  expect(names.some((parameter) => !isDecayed(parameter))).toBe(true);
});
