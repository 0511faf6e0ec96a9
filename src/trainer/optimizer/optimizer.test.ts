import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diskTensors, parseConfigJson } from '../../model/configJson';
import { parameterLayout } from '../../model/parameters';
import { isDecayed } from './optimizer';

/** Names of the parameters that transformers lets decay, by the config of the model. */
const { cases } = JSON.parse(readFileSync(new URL('../../testing/fixtures/decay.json', import.meta.url), 'utf8')) as {
  cases: Record<string, { config: unknown; decayed: string[] }>;
};

test.each(Object.keys(cases))('weight decay pulls on what it pulls on in transformers: %s', (name) => {
  const { config, decayed } = cases[name] as (typeof cases)[string];
  const description = parseConfigJson(config);
  const names = [...parameterLayout(description.architecture).specs.keys()];
  const onDisk = new Map(diskTensors(description).map(({ name, parameter = '' }) => [parameter, name]));
  // transformers keeps the experts of a layer together, and their gate and up projections.
  const joined = (theirs: string) =>
    theirs.replace(/\.experts\.\d+\.(?:(?:gate|up)(_proj)|(down_proj))\.weight$/, (_, gate, down) =>
      down ? '.experts.down_proj' : `.experts.gate_up${gate}`,
    );
  const parts = [...parameterLayout(description.architecture).specs.values()].flatMap((spec) =>
    isDecayed(spec.name) ? spec.parts.map(({ name }) => joined(onDisk.get(name) ?? '')) : [],
  );
  expect(new Set(parts)).toEqual(new Set(decayed));
  expect(names.some((parameter) => !isDecayed(parameter))).toBe(true);
});
