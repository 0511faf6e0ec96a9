import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allPipelines } from '../../runs/ready';
import { allPresets } from '../../trainer/grpo/presets';
import { REJECTION_REASONS } from '../../trainer/rejection/rejectionSet';
import { en } from './en';
import { zh } from './zh';

it('every preset is explained in Chinese, and nothing that is none', () => {
  expect(Object.keys(zh.train.presetSummaries).sort()).toEqual(
    allPresets()
      .map(({ name }) => name)
      .sort(),
  );
});

it('every pipeline and every stage of one is explained in Chinese, and nothing that is none', () => {
  const names = allPipelines().flatMap(({ name, stages }) => [name, ...stages.map((stage) => `${name}/${stage.name}`)]);
  expect(Object.keys(zh.stages.summary).sort()).toEqual(names.sort());
});

it.each([
  ['English', en],
  ['Chinese', zh],
])('%s has a name for every pipeline, kind of stage and reason to leave an answer out', (_, { stages }) => {
  const ready = allPipelines();
  expect(Object.keys(stages.name)).toEqual(ready.map(({ name }) => name));
  const kinds = new Set(
    [...ready, ...allPipelines(true)].flatMap((pipeline) => pipeline.stages.map(({ kind }) => kind)),
  );
  expect(Object.keys(stages.kind).sort()).toEqual([...kinds].sort());
  expect(Object.keys(stages.rejection)).toEqual([...REJECTION_REASONS]);
});

it('every family that loads is named where a model is brought, in both languages', () => {
  const folder = 'src/model/families';
  const files = readdirSync(folder).filter((file) => /^\w+\.ts$/.test(file));
  const names = files.map(
    (file) => /MODEL_TYPE = '(\w+)'/.exec(readFileSync(`${folder}/${file}`, 'utf8'))?.[1] ?? file,
  );
  expect(names).toContain('deepseek_v3');
  for (const { models } of [en, zh]) for (const name of names) expect(models.drop).toContain(name);
});
