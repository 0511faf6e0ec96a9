import { zipSync } from 'fflate';
import { describe, expect, it, vi } from 'vitest';
import { folderOf } from '../../lib/paths';
import { readModelFiles } from './readFiles';

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

  it('in a zip go to the engine as they are, under the name of the zip', async () => {
    const zip = zipSync({ 'base/config.json': bytes('{}'), 'base/model.safetensors': bytes('weights') });
    const read = await readModelFiles([new File([zip], 'otter.zip')]);
    expect(read.ok && read.source).toEqual({
      kind: 'files',
      name: 'otter',
      files: [{ name: 'otter.zip', content: zip }],
    });
  });

  it('in a folder go to the engine unread, under the name of the folder', async () => {
    const config = new File(['{}'], 'config.json');
    const weights = new File(['weights'], 'model.safetensors');
    for (const file of [config, weights])
      Object.defineProperty(file, 'webkitRelativePath', { value: `otter/${file.name}` });
    const whole = vi.spyOn(weights, 'arrayBuffer');
    const read = await readModelFiles([config, weights]);
    expect(read.ok && read.source).toMatchObject({ kind: 'files', name: 'otter' });
    expect(read.ok && read.source.files.map(({ content }) => content)).toEqual([config, weights]);
    expect(whole).not.toHaveBeenCalled();
  });

  it('of which one cannot be read are refused', async () => {
    const gone = new File(['{}'], 'config.json');
    const slice = vi.spyOn(gone, 'slice');
    slice.mockReturnValue({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) } as unknown as Blob);
    expect(await readModelFiles([gone])).toEqual({ ok: false, reason: 'unreadable' });
  });

  it('are not read when the zip is damaged, cut short or empty, or nothing was chosen, each by its name', async () => {
    const whole = zipSync({ 'base/config.json': bytes('{}'.repeat(500)), 'base/model.safetensors': bytes('weights') });
    const changed = whole.slice().fill(0xff, whole.length - 60, whole.length - 50);
    const readZip = (content: Uint8Array<ArrayBuffer>) => readModelFiles([new File([content], 'x.zip')]);
    const damaged = { ok: false, reason: 'damagedZip' };
    expect(await readZip(bytes('not a zip'))).toEqual(damaged);
    expect(await readZip(whole.slice(0, whole.length - 30))).toEqual(damaged);
    expect(await readZip(changed)).toEqual(damaged);
    expect(await readZip(zipSync({}) as Uint8Array<ArrayBuffer>)).toEqual({ ok: false, reason: 'empty' });
    expect(await readModelFiles([])).toEqual({ ok: false, reason: 'empty' });
  });
});
