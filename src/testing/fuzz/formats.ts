// What is fuzzed: for each format, sound files to begin with, how they are mutated, and how a file is read and used.
import { readFileSync } from 'node:fs';
import { readFolder } from '../../formats/huggingface/readFolder';
import { parseJsonBytes } from '../../formats/huggingface/readJson';
import { writeFolder } from '../../formats/huggingface/writeFolder';
import { unzipSource, zipFolder } from '../../formats/huggingface/zipSource';
import { floatTensor, numElements, readFloats } from '../../lib/tensors/storedTensor';
import { parseConfigJson, writeConfigJson } from '../../model/configJson';
import { countParameters, parameterShapes } from '../../model/parameterShapes';
import { presetModel } from '../../model/presets';
import { task as chainedSums } from '../../tasks/kinds/chainedSums';
import { buildTokenizerJson } from '../../tokenizer/build';
import { CHAT_TEMPLATE } from '../../tokenizer/files';
import { readChatTemplate } from '../../tokenizer/template/chatTemplate';
import { createTokenizer } from '../../tokenizer/tokenizer';
import { HOSTILE_TEMPLATES } from '../fixtures/hostileTemplates';
import { ENDLESS_TOKENIZERS, SOUND_TOKENIZER } from '../fixtures/hostileTokenizers';
import { HOSTILE_DIRECTORIES, HOSTILE_ENTRIES } from '../fixtures/hostileZips';
import { anyOf, inTurn, type Mutate, mutateBytes, mutateJson, mutateZip } from './mutate';

export interface Format {
  readonly bases: readonly Uint8Array[];
  readonly mutate: Mutate;
  /** Reads and uses a file; throws what a person is told. */
  use(bytes: Uint8Array): unknown;
}

const utf8 = new TextEncoder();
const json = (value: unknown) => utf8.encode(JSON.stringify(value));
const fixture = (path: string) => new Uint8Array(readFileSync(new URL(`../fixtures/${path}`, import.meta.url)));

const shell = { ...SOUND_TOKENIZER, pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first' } };
const TOKENIZERS = [
  SOUND_TOKENIZER,
  buildTokenizerJson([chainedSums]),
  {
    ...shell,
    model: {
      type: 'Unigram',
      unk_id: 0,
      vocab: [
        ['<unk>', 0],
        ['1', -1],
        ['12', -2],
        ['▁', -3],
        ['x', -4],
      ],
    },
    added_tokens: [],
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
  },
  {
    ...shell,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    normalizer: { type: 'BertNormalizer', clean_text: true, lowercase: true },
    model: { type: 'WordPiece', unk_token: 'x', continuing_subword_prefix: '##', vocab: { '1': 0, '##2': 1, x: 2 } },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  },
  {
    ...shell,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'WhitespaceSplit' },
        { type: 'Punctuation' },
        { type: 'Digits', individual_digits: true },
      ],
    },
    model: { type: 'WordLevel', unk_token: 'x', vocab: { '1': 0, '2': 1, x: 2 } },
    decoder: null,
  },
];
const EXPRESSIONS = [
  '(\\d+)+$',
  '(?:a|a)*b',
  '(.*)*y',
  '(?i:x)',
  '(?<=1)',
  '[[:alpha:]&&[^x]]',
  '\\p{Han}',
  '\\bx',
  '(?>x)',
  'x{1000}{1000}',
  '(',
  '\\',
  '$^',
  '[^]',
];
const PARTS = ENDLESS_TOKENIZERS.flatMap(([, file]) => Object.values(file as Record<string, unknown>));
const TEXTS = ['12x <think>1</think>', `${'1'.repeat(34)}x`, 'héllo  \n 😀', ' '.repeat(300)];

const SIZES = { hidden_size: 4, num_attention_heads: 1 };
const tiny = presetModel('tiny', 12, SIZES);
const tensors = new Map(
  [...parameterShapes(tiny.architecture)].map(([name, shape]) => [
    name,
    floatTensor(shape, new Float32Array(numElements(shape))),
  ]),
);
const folder = await writeFolder(
  { description: tiny, tensors, tokenizerJson: SOUND_TOKENIZER, readme: '# Tiny' },
  { 'chat_template.jinja': CHAT_TEMPLATE },
);
const yarn = {
  rope_type: 'yarn',
  factor: 4,
  beta_fast: 32,
  beta_slow: 1,
  mscale: 1,
  mscale_all_dim: 1,
  attention_factor: null,
  truncate: true,
  original_max_position_embeddings: 16,
} as const;

const templates: { readonly templates: Readonly<Record<string, { readonly template: string }>> } = JSON.parse(
  new TextDecoder().decode(fixture('chatTemplates.json')),
);
const FRAGMENTS = [
  '{%',
  '%}',
  '{{',
  '}}',
  '{#',
  '-%}',
  '| ',
  "'",
  '(',
  ')',
  '[',
  ' in ',
  ' not ',
  '.x',
  '* 99999',
  '1e9',
  'messages',
  'range(9999)',
  '{% endfor %}',
  '{% if x %}',
  '{% set x = x ~ x %}',
  '{{ x }}',
  'loop',
];
const CONVERSATION = [
  { role: 'system', content: 'x' },
  { role: 'user', content: '1+2=?' },
];

export const FORMATS: Readonly<Record<'tokenizer' | 'config' | 'template' | 'zip', Format>> = {
  tokenizer: {
    bases: TOKENIZERS.map(json),
    mutate: anyOf(
      mutateJson([...EXPRESSIONS, ...PARTS, ...EXPRESSIONS.map((Regex) => ({ Regex }))]),
      inTurn(mutateJson([...EXPRESSIONS, ...PARTS]), mutateBytes(['"', '{', '[', '1e9', '\\ud800'])),
      mutateBytes(['"', '}', ']', ',', ':', '-5', '1e300', '\\', 'null']),
    ),
    use: (bytes) => {
      const tokenizer = createTokenizer(parseJsonBytes(bytes, 'tokenizer.json'), {
        bos_token_id: 0,
        eos_token_id: [1, 2],
      });
      for (const text of TEXTS) inWords(() => tokenizer.decode(tokenizer.encodePrompt(text)));
      return tokenizer.tokenText(1);
    },
  },
  config: {
    bases: [
      fixture('deepseek_v3/config.json'),
      fixture('deepseek_v3_qlora_yarn/config.json'),
      utf8.encode(writeConfigJson(tiny)),
      utf8.encode(writeConfigJson(presetModel('tiny', 12, { ...SIZES, rope_scaling: yarn, eos_token_id: [1, 2] }))),
    ],
    mutate: anyOf(
      mutateJson([yarn, [1, 2], 16, 4096, 65536]),
      inTurn(mutateJson([]), mutateBytes(['"', '1e999', '{', ','])),
      mutateBytes(['"', '9', 'e300', '-', '}']),
    ),
    use: (bytes) => {
      const description = parseConfigJson(parseJsonBytes(bytes, 'config.json'));
      return [writeConfigJson(description), countParameters(description.architecture)];
    },
  },
  template: {
    bases: [
      CHAT_TEMPLATE,
      ...Object.values(templates.templates).map(({ template }) => template),
      ...HOSTILE_TEMPLATES.map(([, template]) => template),
    ].map((text) => utf8.encode(text)),
    mutate: mutateBytes(FRAGMENTS),
    use: (bytes) =>
      readChatTemplate(new TextDecoder().decode(bytes)).prompt(CONVERSATION, {
        bos_token: '<s>',
        eos_token: '</s>',
        pad_token: '',
      }),
  },
  zip: {
    // Every other one is sound.
    bases: [...HOSTILE_DIRECTORIES, ...HOSTILE_ENTRIES].flatMap(([, zip], i) => [
      zipFolder(folder, i % 2 === 0 ? '' : 'm'),
      zip,
    ]),
    mutate: anyOf(
      mutateZip,
      inTurn(mutateZip, mutateBytes(['PK'])),
      mutateBytes(['PK\u0001\u0002', 'PK\u0003\u0004', 'PK\u0005\u0006', new Uint8Array(64)]),
    ),
    use: async (bytes) => {
      const { tensors } = await readFolder(unzipSource('fuzz', bytes));
      for (const tensor of tensors.values()) await readFloats(tensor);
    },
  },
};

/** A text that cannot be read is told of as a file is; the next may be read. */
function inWords(use: () => unknown): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof Error) || !('userMessage' in error)) throw error;
  }
}
