import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computedMs } from '../../testing/machineLoad';
import { parseMarkdown, parseSpans } from './markdown';

describe('the blocks of a card', () => {
  it('are headings, paragraphs, lists, quotes and rules', () => {
    expect(
      parseMarkdown('# base #\nOne line\nand another.\n\n---\n\n1. one\n   goes on\n2. two\n\n- a\n\n> said\n> so'),
    ).toEqual([
      { kind: 'heading', level: 1, text: 'base' },
      { kind: 'paragraph', text: 'One line and another.' },
      { kind: 'rule' },
      { kind: 'list', isOrdered: true, items: ['one goes on', 'two'] },
      { kind: 'list', isOrdered: false, items: ['a'] },
      { kind: 'quote', text: 'said so' },
    ]);
  });

  it('have code between fences as code, with its lines, its language and whatever it looks like', () => {
    expect(parseMarkdown('text\n```sh\nnpm start\n\n# no heading\n```\nafter\n~~~~\n```\n~~~~')).toEqual([
      { kind: 'paragraph', text: 'text' },
      { kind: 'code', language: 'sh', text: 'npm start\n\n# no heading' },
      { kind: 'paragraph', text: 'after' },
      { kind: 'code', language: '', text: '```' },
    ]);
    expect(parseMarkdown('```json\n{}')).toEqual([{ kind: 'code', language: 'json', text: '{}' }]);
  });

  it('have tables with their head, if it says anything', () => {
    const rows = [['accuracy', '0.3']];
    expect(parseMarkdown('| | |\n|---|:-:|\n| accuracy | 0.3 |')).toEqual([{ kind: 'table', head: undefined, rows }]);
    expect(parseMarkdown('| what | how much |\n|---|---|\n| accuracy | 0.3 |')).toEqual([
      { kind: 'table', head: ['what', 'how much'], rows },
    ]);
  });

  it('keep markup that is not known, raw HTML above all, as text', () => {
    const html = '<script>alert(1)</script> <img src=x onerror=alert(1)>';
    expect(parseMarkdown(html)).toEqual([{ kind: 'paragraph', text: html }]);
    expect(parseSpans(html)).toEqual([{ kind: 'text', text: html }]);
  });
});

describe('the spans of a line', () => {
  it('are code, links over https, and what is stressed; a picture is its description', () => {
    expect(parseSpans('a `b*c*` **d** *e* [f](https://g.org) ![h](https://i.org/j.png) ``k`l``')).toEqual([
      { kind: 'text', text: 'a ' },
      { kind: 'code', text: 'b*c*' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', text: 'd' },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', text: 'e' },
      { kind: 'text', text: ' ' },
      { kind: 'link', text: 'f', url: 'https://g.org' },
      { kind: 'text', text: ' ' },
      { kind: 'text', text: 'h' },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'k`l' },
    ]);
  });

  it.each(['javascript:alert(1)', 'http://a.org', 'data:text/html,x', '//a.org', ' https://a.org'])(
    'have no link to %s',
    (url) => {
      expect(parseSpans(`[x](${url})`).every(({ kind }) => kind === 'text')).toBe(true);
    },
  );
});

describe('any text', () => {
  const pieces = [
    '`',
    '```',
    '~~~',
    '*',
    '**',
    '[',
    '](',
    ')',
    '![',
    '<https://',
    '>',
    '|',
    '|-|',
    '- ',
    '1. ',
    '# ',
    ' ',
    '\n',
    'a',
    '_',
    '---',
  ];
  const markup = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));

  it('is read without an error, and links lead to https alone', () => {
    fc.assert(
      fc.property(markup, (text) => {
        for (const block of parseMarkdown(text)) {
          if (!('text' in block)) continue;
          for (const span of parseSpans(block.text)) if (span.kind === 'link') expect(span.url).toMatch(/^https:\/\//);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(pieces.flatMap((piece) => [[piece], [`${piece}a`], [`${piece} `]]))(
    'is read in a moment, also 20,000 letters of %j',
    (piece) => {
      const text = piece.repeat(20_000 / piece.length);
      const startMs = computedMs();
      for (const one of [text, `# ${text}`, `${text}x`]) {
        for (const block of parseMarkdown(one)) if ('text' in block) parseSpans(block.text);
        parseSpans(one);
      }
      // Quadratic time would be some ten seconds; a busy machine may take a few times what it should.
      expect(computedMs() - startMs).toBeLessThan(2000);
    },
  );
});
