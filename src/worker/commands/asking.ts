// Commands about questions.
import { describeError } from '../../lib/errors';
import type { AskApi } from '../../protocol/asking';
import type { Commands } from '../../protocol/command';
import type { Engine } from '../engine';

export function askCommands({ active, lane, emit }: Engine): Commands<AskApi> {
  let nextAskId = 1;
  return {
    ask(request) {
      const { asker } = active;
      const plan = asker.plan(request);
      const askId = nextAskId++;
      lane
        .run(() => asker.answer(askId, plan, emit))
        .catch((error) => emit({ type: 'askFailed', askId, error: describeError(error) }));
      return askId;
    },

    stopAsk: () => active.stopAnswer(),

    attention: (askId, sample, place) => lane.run(() => active.asker.attention(askId, sample, place)),

    expertChoices: (askId, sample) => lane.run(() => active.asker.expertChoices(askId, sample)),
  };
}
