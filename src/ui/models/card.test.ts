import { describe, expect, it } from 'vitest';
import { type CardFacts, modelCard } from '../../formats/huggingface/modelCard';
import { cardTags } from '../../lib/cardTags';
import { CARD_MODEL } from '../../testing/cardModel';
import { CATALOGUE } from '../../testing/madeUp';
import { parseCard, resultsOfCard } from './card';

describe('a model card', () => {
  it('is read without its front matter', () => {
    expect(parseCard('---\nlicense: apache-2.0\ntags:\n- a\n---\n\n# base\n\nOne line\nand another.\n')).toEqual([
      { kind: 'heading', level: 1, text: 'base' },
      { kind: 'paragraph', text: 'One line and another.' },
    ]);
  });

  it('keeps rules in its midst and an unclosed front matter', () => {
    expect(parseCard('a\n\n---\n\nb').map((block) => block.kind)).toEqual(['paragraph', 'rule', 'paragraph']);
    expect(parseCard('---\nno end')).toEqual([{ kind: 'rule' }, { kind: 'paragraph', text: 'no end' }]);
    expect(parseCard('')).toEqual([]);
  });
});

describe('the tags of a model card', () => {
  const card = (...tags: readonly string[]) =>
    `---\nlicense: mit\ntags:\n${tags.map((tag) => `- ${tag}\n`).join('')}---\n# base\n- no tag\n`;

  it('are those of the front matter alone', () => {
    expect(cardTags(card('soliloquy', 'products'))).toEqual(['soliloquy', 'products']);
    expect(cardTags('# base\ntags:\n- products')).toEqual([]);
    expect(cardTags('---\nlanguage:\n- en\n---\n')).toEqual([]);
  });
});

describe('the results on a model card', () => {
  const facts: CardFacts = {
    name: 'mine',
    summary: 'A model.',
    model: CARD_MODEL,
    task: 'chained_sums',
    example: '9-8+3-7=?',
    difficulty: { min_terms: 4 },
    baseModel: 'base · "mine": 2\n- x',
    command: 'npm run cli -- grpo base',
    generation: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96 },
    evaluation: { problems: 512, accuracy: 473 / 512, meanThinkingTokens: 34.8 },
    before: { problems: 64, accuracy: 0.5 },
    rows: [['steps', '20 of 60']],
    settings: { custom_reward: '```js\n# reward\n```' },
    device: CATALOGUE.device.name,
    seconds: 90,
  };
  const written = modelCard(facts);

  it('are read as they are written: the model’s own, on how many, and what it came from', () => {
    expect(resultsOfCard(written)).toEqual({
      accuracy: 0.924,
      problems: 512,
      thinkingTokens: 34.8,
      temperature: 1,
      measuredAt: undefined,
      steps: '20 of 60',
      baseModel: 'base · "mine": 2\n- x',
    });
    expect(written).toContain('| accuracy on 512 problems | 0.924 (0.898 to 0.944) |');
    expect(written).toMatch(
      /held-out problems that no training sees \(min_terms 4\).*temperature 1 and cut after 96 tokens/,
    );
  });

  it('name a model of the hub by the hub’s own tag, and no other by it', () => {
    expect(written).not.toContain('base_model');
    const fromHub = modelCard({ ...facts, baseModel: 'Qwen/Qwen3-0.6B' });
    expect(fromHub).toContain('\nbase_model: Qwen/Qwen3-0.6B\n');
    expect(resultsOfCard(fromHub).baseModel).toBe('Qwen/Qwen3-0.6B');
  });

  it('stand beside code that stays code, whatever it holds', () => {
    const code = parseCard(written).flatMap((block) => (block.kind === 'code' ? [block] : []));
    expect(code.map(({ language }) => language)).toEqual(['sh', 'json', 'python']);
    expect(JSON.parse(code[1]?.text ?? '')).toEqual({ custom_reward: '```js\n# reward\n```' });
  });

  it('are also read where a card tells of them in another form, and not where they cannot be', () => {
    const card = (accuracy: string, value: string) =>
      `## Results\n\n| | |\n|---|---|\n| ${accuracy} | ${value} |\n\nMeasured on 1,024 held-out problems.\n`;
    expect(resultsOfCard(card('accuracy', '0.924'))).toMatchObject({ accuracy: 0.924, problems: 1024 });
    expect(resultsOfCard(card('accuracy', '92.4 %'))).toMatchObject({ accuracy: 0.924 });
    expect(resultsOfCard(card('accuracy', '92.4'))).toMatchObject({ accuracy: undefined });
    expect(resultsOfCard('accuracy 0.9')).toMatchObject({ accuracy: undefined, problems: undefined, steps: undefined });
  });
});
