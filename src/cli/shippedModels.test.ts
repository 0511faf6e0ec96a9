import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_GENERATION } from '../formats/huggingface/generationConfig';
import { drawnText } from '../formats/huggingface/modelCard';
import { cardTags } from '../lib/cardTags';
import { weightsId } from '../lib/tensors/weightsId';
import { readKnowledgeMap } from '../tasks/knowledgeMap';
import { readModel } from './models';

const MODELS = join('public', 'models');
const MOST_BYTES = 12e6;

const list: { id: string; sizeBytes: number }[] = JSON.parse(readFileSync(join(MODELS, 'models.json'), 'utf8'));

describe('the models that come with the project', () => {
  test('are those that the page lists, base first, and small together', () => {
    const folders = readdirSync(MODELS).filter((name) => statSync(join(MODELS, name)).isDirectory());
    expect(list.map(({ id }) => id).sort()).toEqual(folders.sort());
    expect(list[0]?.id).toBe('base');
    expect(list.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBeLessThan(MOST_BYTES);
  });

  test.each(list)(
    '$id loads, has the size that is said, and a card with its task and results',
    async ({ id, sizeBytes }) => {
      const folder = join(MODELS, id);
      const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(sizeBytes);
      const { name, folder: read } = await readModel(id);
      expect(name).toBe(id);
      const card = readFileSync(join(folder, 'README.md'), 'utf8');
      const isWide = id.startsWith('wide-');
      expect(cardTags(card)).toContain(isWide ? 'mixture' : 'chained_sums');
      expect(card).toMatch(/accuracy/i);
      expect(card).toContain('npm run cli -- ');
      // It answers everywhere as it was measured.
      if (!isWide) expect(read.generation?.maxNewTokens).toBe(DEFAULT_GENERATION.maxNewTokens);
      expect(card).toContain(drawnText(read.generation ?? DEFAULT_GENERATION));
      expect(card).not.toContain('max_new_tokens');
    },
  );

  // Written by `npm run cli -- knows MODEL --problems 128 --json > public/models/MODEL.knows.json`.
  test.each(list)('the map of what $id knows is of its weights', async ({ id }) => {
    const map = readKnowledgeMap(readFileSync(join(MODELS, `${id}.knows.json`), 'utf8'));
    const { folder } = await readModel(id);
    expect(map).toMatchObject({ name: id, model: await weightsId(folder.tensors) });
    expect(map?.cells.length).toBeGreaterThan(40);
  });
});
