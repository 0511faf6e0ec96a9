import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { folderOf, readModelFiles } from './readFiles';

const bytes = (text: string) => new TextEncoder().encode(text);
const paths = (...names: string[]) => names.map((path) => ({ path }));

describe('the files of a model', () => {
  it('are those beside the shallowest config.json', () => {
    const found = folderOf(
      paths(
        'model/',
        'model/config.json',
        'model/model.safetensors',
        'model/old/config.json',
        'notes.txt',
        'model/.DS_Store',
      ),
    );
    expect(found).toEqual(paths('model/config.json', 'model/model.safetensors'));
  });

  it('are passed on even without a config.json, so that the engine can name what is missing', () => {
    expect(folderOf(paths('a/model.safetensors', 'a/b/c.txt'))).toEqual(paths('a/model.safetensors'));
    expect(folderOf([])).toEqual([]);
  });

  it('come out of a zip as they went in', async () => {
    const zip = zipSync({ 'base/config.json': bytes('{}'), 'base/model.safetensors': bytes('weights') });
    const source = await readModelFiles([new File([zip], 'otter.zip')]);
    expect(source?.name).toBe('otter');
    expect(source?.files.map(({ name, bytes: content }) => [name, new TextDecoder().decode(content)])).toEqual([
      ['config.json', '{}'],
      ['model.safetensors', 'weights'],
    ]);
  });

  it('are none when the zip is broken or nothing was chosen', async () => {
    expect(await readModelFiles([new File([bytes('not a zip')], 'x.zip')])).toBeUndefined();
    expect(await readModelFiles([])).toBeUndefined();
  });
});
