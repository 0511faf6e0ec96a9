// The reader's own problems, kept as the real engine keeps them.
import { ownTaskInfo, type TaskInfo } from '../../protocol/catalogue';
import { answer } from '../../protocol/command';
import type { EngineApi } from '../../protocol/protocol';
import { openStoredFiles } from '../../storage/storedFiles';
import { UnreadableTextError } from '../../tokenizer/tokenizer';
import { findUnreadable, ProblemShelf } from '../../worker/problemShelf';
import { storedRuns } from './runShelf';

type ProblemPart = Pick<EngineApi, 'problemSets' | 'keepProblemSet' | 'deleteProblemSet' | 'unreadableCharacters'>;

/** The made-up model reads no letter but x and f. */
const TOKENIZER = {
  encode(text: string): number[] {
    const letters = [...new Set(text.match(/[a-eg-wyz]/gi))];
    if (letters.length > 0) throw new UnreadableTextError(letters, 'digits and signs');
    return [];
  },
};

export class FakeProblems implements ProblemPart {
  readonly #shelf = openStoredFiles('problems').then(
    (files) => new ProblemShelf(files, { listRuns: async () => storedRuns() }),
  );

  tasks = async (): Promise<readonly TaskInfo[]> => (await (await this.#shelf).list()).map(ownTaskInfo);

  problemSets: ProblemPart['problemSets'] = () => answer(async () => (await this.#shelf).list());

  keepProblemSet: ProblemPart['keepProblemSet'] = (name, problems) =>
    answer(async () => (await this.#shelf).keep(name, problems));

  deleteProblemSet: ProblemPart['deleteProblemSet'] = (id) =>
    answer(async () => {
      await (await this.#shelf).delete(id);
      return null;
    });

  unreadableCharacters: ProblemPart['unreadableCharacters'] = (problems) =>
    answer(() => findUnreadable(TOKENIZER, problems));
}
