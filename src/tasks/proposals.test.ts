import { describe, expect, it } from 'vitest';
import { rng } from '../lib/rng';
import { CURRICULUM_TASKS, curriculum } from '../runs/curriculum';
import { parsePipeline } from '../runs/pipeline';
import { sourceDocuments } from '../trainer/texts/sftMix';
import { parseCompletion } from './completion';
import { completeDifficulty } from './difficulty';
import { drawOfSize, PROPOSE, readProposal, sizedProblems, sizeOf } from './proposals';
import { getTask } from './registry';
import { isHeldOut } from './split';

const sums = sizedProblems(
  getTask('chained_sums'),
  { min_terms: 2, max_number: 9 },
  { dial: 'max_terms', least: 2, most: 12 },
);

describe('a proposal', () => {
  it('is a problem that is written well, of a size that may be asked, and not held out', () => {
    const drawn = Array.from({ length: 400 }, (_, i) =>
      drawOfSize(sums, 5, i % 2 ? 'train' : 'held-out', rng(1, 'problem', i)),
    );
    for (const problem of drawn) {
      expect(sizeOf(sums, problem)).toBe(5);
      expect(readProposal(sums, problem.question)?.question).toBe(isHeldOut(problem) ? undefined : problem.question);
    }
    const long = Array.from({ length: 13 }, () => '1').join('+');
    for (const text of [undefined, '', '?', '3+', '12+3=?', `${long}=?`, 'nim 5', '3+4=7'])
      expect([text, readProposal(sums, text)]).toEqual([text, undefined]);
  });
});

describe.each(CURRICULUM_TASKS)('the curriculum of %s', (name) => {
  const pipeline = parsePipeline(curriculum(false, name));
  const task = getTask(name);
  const difficulty = completeDifficulty(task.dials, pipeline.difficulty);
  const stages = pipeline.stages.flatMap((stage) => (stage.kind === 'sft' ? [stage] : []));
  const sizes = pipeline.stages.flatMap((stage) => (stage.kind === 'grpo' ? [stage.curriculum] : []))[0];

  it('shows no problem above its seed’s size, and none that is held out, in any text', () => {
    if (!sizes) throw new Error('no curriculum');
    const problems = sizedProblems(task, difficulty, sizes);
    const seedSize = difficulty[sizes.dial] as number;
    expect(seedSize).toBeLessThan(sizes.most);
    // The other stages show no texts.
    expect(pipeline.stages.map(({ kind }) => kind)).toEqual(['initialize', 'sft', 'grpo']);
    for (const { data } of stages) {
      for (const [place, source] of data.entries()) {
        if (source.kind === 'set') throw new Error('a set has texts of its own');
        // What is known of another task is no problem of this one, of any size.
        const of = source.kind === 'corpus' ? (source.task ?? name) : name;
        const documentAt = sourceDocuments(source, place, { seed: 1, task: name, difficulty });
        for (let i = 0; i < 3000; i++) {
          const { question, completion } = documentAt(i);
          const asked = question === PROPOSE ? (parseCompletion(completion).answer ?? '') : question;
          const problem = task.parse(asked);
          if (of !== name) {
            expect([asked, problem]).toEqual([asked, undefined]);
            continue;
          }
          if (!problem) throw new Error(`${asked} is no problem`);
          expect(sizeOf(problems, problem)).toBeLessThanOrEqual(seedSize);
          expect(isHeldOut(problem)).toBe(false);
        }
      }
    }
  });
});
