// The files beside the weights: what they say, and what they are refused for.
import { describe, expect, it } from 'vitest';
import { writeConfigJson } from '../../model/configJson';
import type { TokenIds } from '../../model/tokenIds';
import { countingModel, readDamaged, TINY, tiny, utf8 } from '../../testing/modelFolders';
import { mapSource } from './fileSource';
import { readFolder } from './readFolder';
import { tokenRoles } from './tokenRoles';
import { writeFolder } from './writeFolder';

describe('files beside the weights', () => {
  it('are asked for at once, so that none waits for another', async () => {
    const folder = mapSource('m', await writeFolder(countingModel(TINY)));
    const asked: string[] = [];
    let answer = () => {};
    const answers = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const reading = readFolder({
      ...folder,
      read: async (fileName, range) => {
        asked.push(fileName);
        await answers;
        return folder.read(fileName, range);
      },
    });
    expect(asked).toEqual(
      expect.arrayContaining(['config.json', 'tokenizer.json', 'README.md', 'generation_config.json']),
    );
    answer();
    expect((await reading).tensors.size).toBe(countingModel(TINY).tensors.size);
    expect(new Set(asked.filter((name) => name !== 'model.safetensors')).size).toBe(
      asked.filter((name) => name !== 'model.safetensors').length,
    );
  });

  const json = (value: unknown) => utf8(JSON.stringify(value));
  const readWith = (entries: Readonly<Record<string, Uint8Array>>, changes: Readonly<Record<string, unknown>> = {}) =>
    readDamaged(
      {
        files: (files) => {
          for (const [name, bytes] of Object.entries(entries)) files.set(name, bytes);
        },
      },
      tiny(changes),
    );

  it.each([
    [
      'config.json',
      utf8('{"model_type":"deepseek_v3","vocab_size":5,"vocab_size":6}'),
      'bad_json',
      /"vocab_size" is there twice at line 1, column 44/,
    ],
    [
      'tokenizer.json',
      utf8('{"model":{"vocab":{"a":0,\n"\\u0061":1}}}'),
      'bad_json',
      /"a" is there twice at line 2, column 1/,
    ],
    ['generation_config.json', utf8('{"top_k": NaN}'), 'bad_json', /is not expected at line 1, column 11/],
    ['tokenizer_config.json', utf8('{"eos_token": "\\ud800"}'), 'bad_json', /half a surrogate pair/],
    ['tokenizer.json', utf8('['.repeat(100_000)), 'bad_json', /more than 64 objects and lists in one another/],
    ['config.json', new Uint8Array(2 ** 20 + 1).fill(0x20), 'too_large', /1048577 bytes, at most 1048576/],
    ['README.md', new Uint8Array(2 ** 20 + 1).fill(0x20), 'too_large', /README.md/],
    ['chat_template.jinja', new Uint8Array(2 ** 18 + 1).fill(0x20), 'too_large', /chat_template/],
    ['tokenizer_config.json', new Uint8Array(2 ** 23 + 1).fill(0x20), 'too_large', /tokenizer_config/],
    ['special_tokens_map.json', new Uint8Array(2 ** 20 + 1).fill(0x20), 'too_large', /special_tokens_map/],
  ])('are refused where %s is malformed, says a thing twice or is too large', async (file, bytes, fault, message) => {
    const reading = readWith({ [file]: bytes });
    await expect(reading).rejects.toMatchObject({ fault, subject: file });
    await expect(reading).rejects.toThrow(message);
  });

  it('say which tokens end an answer: all that config.json, generation_config.json and tokenizer_config.json name', async () => {
    const rolesOf = async (entries: Readonly<Record<string, unknown>>, eos_token_id: TokenIds['eos_token_id'] = null) =>
      tokenRoles(
        await readWith(Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, json(value)])), {
          eos_token_id,
        }),
      );
    const generation = (eos_token_id: unknown) => ({ 'generation_config.json': { eos_token_id } });
    expect((await rolesOf({}, [2, 3])).eos_token_id).toEqual([2, 3]);
    expect((await rolesOf(generation(4))).eos_token_id).toEqual([4]);
    expect((await rolesOf(generation([4, 3]), 2)).eos_token_id).toEqual([2, 4, 3]);
    const named = await rolesOf({ 'tokenizer_config.json': { eos_token: { content: '</s>' }, bos_token: null } });
    expect(named).toMatchObject({ eos_token: '</s>', bos_token: null, eos_token_id: [] });
    await expect(rolesOf(generation(5))).rejects.toThrow('generation_config.json: eos_token_id is 5');
    await expect(rolesOf({ 'tokenizer_config.json': { eos_token: 3 } })).rejects.toThrow('eos_token is 3');
    await expect(rolesOf({ 'tokenizer_config.json': [] })).rejects.toThrow('tokenizer_config.json: the file is []');
  });

  it('take the end that transformers assumes only where no file names one', async () => {
    const { eos_token_id: _, ...silent } = JSON.parse(writeConfigJson(TINY));
    const endOf = async (eos_token_id: unknown) =>
      (await readWith({ 'config.json': json(silent), 'generation_config.json': json({ eos_token_id }) })).description
        .tokenIds.eos_token_id;
    expect([await endOf(null), await endOf(4)]).toEqual([1, null]);
  });

  it('carry several end tokens through', async () => {
    const written = await writeFolder({ ...countingModel(tiny({ eos_token_id: [2, 3] })) });
    for (const name of ['config.json', 'generation_config.json'])
      expect(JSON.parse(new TextDecoder().decode(written.get(name)))).toMatchObject({ eos_token_id: [2, 3] });
  });

  it('tell which weights were taken where there are a whole file and parts', async () => {
    const files = new Map(await writeFolder(countingModel(TINY)));
    expect((await readFolder(mapSource('m', files))).notices).toEqual([]);
    files.set('model.safetensors.index.json', json({ weight_map: { a: 'model-00001-of-00002.safetensors' } }));
    const { notices } = await readFolder(mapSource('m', files));
    expect(notices).toEqual([
      { kind: 'weightsTwice', taken: 'model.safetensors', left: 'model.safetensors.index.json' },
    ]);
  });
});
