import { expect, it } from 'vitest';
import type { EngineChoice } from '../../protocol/protocol';
import { groupChoices } from './choiceGroups';

const note = (noted: EngineChoice[], choice: Omit<EngineChoice, 'reason'>) => noted.push({ ...choice, reason: '' });

it('like choices are one group; a fault, another answer and what is no product are their own', () => {
  const noted: EngineChoice[] = [];
  const software = { kind: 'software' } as const;
  for (const size of ['small', 'medium', 'large'])
    for (const kind of ['a·bᵀ', 'aᵀ·b by expert'])
      note(noted, { subject: `${kind}, ${size}`, chosen: 'rows', why: software });
  note(noted, { subject: 'a·b, small', chosen: 'tile 32×32', why: software });
  for (const [shader, fault] of [
    ['rms_norm', '0.3 for 1.2'],
    ['attention', '0.3 for 1.2'],
    ['route', '1 for 2'],
  ])
    note(noted, { subject: `subgroups in ${shader}`, chosen: 'portable', why: { kind: 'failed', fault: fault ?? '' } });
  const groups = groupChoices(noted);
  expect(groups.map(({ isProducts, chosen, choices }) => [isProducts, chosen, choices.length])).toEqual([
    [true, 'rows', 6],
    [true, 'tile 32×32', 1],
    [false, 'portable', 2],
    [false, 'portable', 1],
  ]);
});

it('figures that differ are still one reason', () => {
  const noted: EngineChoice[] = [];
  for (const [subject, ms] of [
    ['a·b, small', 1],
    ['a·b, large', 7],
  ] as const)
    note(noted, { subject, chosen: 'tile 64×64', why: { kind: 'fastest', times: [['tile 64×64', ms]] } });
  expect(groupChoices(noted)).toHaveLength(1);
});
