import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../testing/stubEngine';
import { parseStory, StoryStore } from './story';

describe('the predictions of a reader', () => {
  it('are found again by the next page, with what came', () => {
    const storage = memoryStorage();
    const { predict, reveal } = new StoryStore(() => storage);
    predict('rule.right', 5);
    reveal('rule.right', 3);
    predict('wall.more', 'same');
    expect(new StoryStore(() => storage).useStory.getState().predictions).toEqual({
      'rule.right': { said: 5, came: 3 },
      'wall.more': { said: 'same' },
    });
  });

  it('cannot be made once it was seen what came, and can be made better until then', () => {
    const { useStory, predict, reveal, forgetPredictions } = new StoryStore(memoryStorage);
    predict('a', 1);
    predict('a', 2);
    reveal('a', 7);
    predict('a', 7);
    reveal('a', 8);
    expect(useStory.getState().predictions.a).toEqual({ said: 2, came: 8 });
    reveal('b', 1);
    predict('b', 1);
    expect(useStory.getState().predictions.b).toEqual({ came: 1 });
    forgetPredictions();
    expect(useStory.getState().predictions).toEqual({});
  });

  it('last as long as the page where storage is forbidden', () => {
    const { useStory, predict } = new StoryStore(() => {
      throw new Error('forbidden');
    });
    predict('a', 1);
    expect(useStory.getState().predictions.a).toEqual({ said: 1 });
  });

  it('are none where what is stored is something else', () => {
    for (const text of [null, '', '[]', '{"version":1}', '{"version":2,"predictions":{}}'])
      expect(parseStory(text).predictions).toEqual({});
    fc.assert(fc.property(fc.json(), (text) => parseStory(text).version === 1));
  });
});
