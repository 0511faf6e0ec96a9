import { describe, expect, it } from 'vitest';
import { cardTags } from '../../lib/cardTags';
import { parseCard, resultsOfCard, tasksOfCard } from './card';

describe('a model card', () => {
  it('is read without its front matter', () => {
    expect(parseCard('---\nlicense: apache-2.0\ntags:\n- a\n---\n\n# base\n\nOne line\nand another.\n')).toEqual([
      { kind: 'heading', text: 'base' },
      { kind: 'paragraph', text: 'One line and another.' },
    ]);
  });

  it('keeps its tables, without the ruler and an empty head', () => {
    expect(parseCard('## Results\n| | |\n|---|---|\n| accuracy | 0.3 |\n| tokens | 9 |')).toEqual([
      { kind: 'heading', text: 'Results' },
      {
        kind: 'table',
        rows: [
          ['accuracy', '0.3'],
          ['tokens', '9'],
        ],
      },
    ]);
  });

  it('joins the broken lines of a list item', () => {
    expect(parseCard('- one\n  goes on\n- two')).toEqual([{ kind: 'list', items: ['one goes on', 'two'] }]);
  });

  it('keeps rules in its midst and an unclosed front matter as text', () => {
    expect(parseCard('a\n\n---\n\nb').map((block) => block.kind)).toEqual(['paragraph', 'paragraph', 'paragraph']);
    expect(parseCard('---\nno end')).toEqual([{ kind: 'paragraph', text: '--- no end' }]);
    expect(parseCard('')).toEqual([]);
  });
});

describe('the tags of a model card', () => {
  const card = (...tags: readonly string[]) =>
    `---\nlicense: mit\ntags:\n${tags.map((tag) => `- ${tag}\n`).join('')}---\n# base\n- no tag\n`;
  const tasks = [{ name: 'chained_sums' }, { name: 'products' }, { name: 'mixture' }];

  it('are those of the front matter alone', () => {
    expect(cardTags(card('soliloquy', 'products'))).toEqual(['soliloquy', 'products']);
    expect(cardTags('# base\ntags:\n- products')).toEqual([]);
    expect(cardTags('---\nlanguage:\n- en\n---\n')).toEqual([]);
  });

  it('say what a model can be asked', () => {
    expect(tasksOfCard(card('soliloquy', 'products'), tasks)).toEqual([{ name: 'products' }]);
    expect(tasksOfCard(card('mixture'), tasks)).toBe(tasks);
    expect(tasksOfCard(card('soliloquy'), tasks)).toBe(tasks);
    expect(tasksOfCard(undefined, tasks)).toBe(tasks);
  });
});

describe('the results on a model card', () => {
  it('are read off its table, whatever else is measured', () => {
    const card = (accuracy: string) =>
      `## Results\n\n| | |\n|---|---|\n| ${accuracy} | 0.924 |\n| mean thinking tokens | 34.8 |\n| steps | 150 |\n`;
    for (const name of ['accuracy', 'accuracy on 512 problems']) {
      expect(resultsOfCard(card(name))).toEqual({ accuracy: 0.924, thinkingTokens: 34.8 });
    }
    expect(resultsOfCard('accuracy 0.9')).toEqual({ accuracy: undefined, thinkingTokens: undefined });
  });
});
