import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computedMs } from '../testing/machineLoad';
import { formatCompletion, opensThinking, parseCompletion, TAGS } from './completion';

const FORM = '<think>9-8=1</think><answer>1</answer>';

// Text in which tags and their fragments are as likely as anything else.
const pieces = fc.oneof(fc.constantFrom<string>(...TAGS, '<', '>', '</', 'think', 'answer', ' ', '\n'), fc.string());
const taggedText = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
// The right tags in the right order with something or nothing in the five gaps: often well formed, often nearly.
const nearlyWellFormed = fc
  .array(fc.oneof(fc.constantFrom('', ' ', '\n', '1'), pieces), { minLength: 5, maxLength: 5 })
  .map((gaps) => gaps.map((gap, index) => gap + (TAGS[index] ?? '')).join(''));
const untagged = taggedText.filter((text) => !TAGS.some((tag) => text.includes(tag)));

describe('a thought that the prompt opened', () => {
  test('is the completion’s, as if it had written the tag', () => {
    fc.assert(
      fc.property(fc.oneof(taggedText, nearlyWellFormed), (text) => {
        expect(parseCompletion(text, true)).toEqual(parseCompletion(`<think>${text}`));
      }),
    );
    const completion = parseCompletion('\n9-8=1</think>\n\n<answer>1</answer>', true);
    expect(completion).toMatchObject({ thinking: '\n9-8=1', answer: '1', wellFormed: true });
  });

  test('is one that it did not close', () => {
    expect(['', '<think>', 'a<think>\n', '<think></think>', '<think></think><think>'].map(opensThinking)).toEqual([
      false,
      true,
      true,
      false,
      true,
    ]);
  });
});

describe('a completion', () => {
  test('comes back as it was written', () => {
    fc.assert(
      fc.property(untagged, untagged, (thinking, answer) => {
        const text = formatCompletion(thinking, answer);
        // A fragment at a seam may complete a tag.
        fc.pre(TAGS.every((tag) => text.split(tag).length === 2));
        expect(parseCompletion(text)).toEqual({ text, thinking, answer: answer.trim(), wellFormed: true });
      }),
    );
  });

  test('is well formed exactly when the four tags are there once, in order, with nothing outside them', () => {
    fc.assert(
      fc.property(fc.oneof(taggedText, nearlyWellFormed), (text) => {
        const found = text.match(/<\/?(?:think|answer)>/g) ?? [];
        const outside = text.replace(/<think>.*?<\/think>/s, '').replace(/<answer>.*?<\/answer>/s, '');
        const expected = found.join('') === TAGS.join('') && outside.trim() === '';
        expect(parseCompletion(text).wellFormed).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    FORM,
    '<think></think><answer></answer>',
    ` \n${FORM}\n`,
    '<think>\n</think>\n<answer> 1 </answer>',
    '<think>a < b</think><answer>></answer>',
  ])('%j is well formed', (text) => expect(parseCompletion(text).wellFormed).toBe(true));

  test.each([
    '',
    '1',
    '<think>9-8=1</think>',
    '<answer>1</answer>',
    '<think>9-8=1<answer>1</answer>',
    '<think>9-8=1</think><answer>1',
    '<think>9-8=1</think><answer>1</answer',
    '<answer>1</answer><think>9-8=1</think>',
    `x${FORM}`,
    `${FORM}x`,
    `${FORM}${FORM}`,
    `${FORM}<answer>2</answer>`,
    '<think>a</think>b<answer>1</answer>',
    '<think>a<think>b</think><answer>1</answer>',
    '<think>a</think></think><answer>1</answer>',
    '<think><answer>1</answer></think><answer>1</answer>',
    '<think>a</think><answer><think></answer>',
    '<Think>a</Think><answer>1</answer>',
  ])('%j is not well formed', (text) => expect(parseCompletion(text).wellFormed).toBe(false));
});

describe('the parts of a malformed completion', () => {
  test('are still found', () => {
    expect(parseCompletion('so <answer> 7 </answer> ok')).toMatchObject({ thinking: undefined, answer: '7' });
    expect(parseCompletion('<think>1+1=2</think>2')).toMatchObject({ thinking: '1+1=2', answer: undefined });
  });

  test('are missing while they are unfinished', () => {
    expect(parseCompletion('<think>1+1')).toMatchObject({ thinking: undefined, answer: undefined });
    expect(parseCompletion('<think>1</think><answer>1')).toMatchObject({ thinking: '1', answer: undefined });
  });

  test('come from the first blocks, the answer from after the thinking', () => {
    expect(parseCompletion('<think><answer>1</answer></think><answer>2</answer>').answer).toBe('2');
    expect(parseCompletion('<think></think><answer>1</answer><answer>2</answer>').answer).toBe('1');
    expect(parseCompletion('<think>a</think><think>b</think>').thinking).toBe('a');
  });
});

test('a long text of open tags is parsed in an instant', () => {
  const started = computedMs();
  for (const tag of TAGS) parseCompletion(tag.repeat(20_000));
  parseCompletion(`<think>${' '.repeat(100_000)}`);
  parseCompletion(' '.repeat(100_000));
  // Quadratic time would take minutes.
  expect(computedMs() - started).toBeLessThan(2000);
});
