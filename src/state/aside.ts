// A question asked beside the one on Ask, with settings of its own and of a model that is named: what a chapter of the story asks
// leaves the reader's question and their settings as they are.
import { AskStore, type AskWorld } from './ask';
import { initialAsk } from './askReducer';
import { type AskSettings, PreferenceStore } from './preferences';
import type { RunStore } from './run';
import type { Session } from './session';
import { shippedAsItCame } from './shipped';

/** What such a question reaches. */
export interface AsideWorld extends Omit<AskWorld, 'session' | 'runs'> {
  readonly session: Session;
  readonly runs: Pick<RunStore, 'useRun' | 'loadAnotherModel'>;
}

/** Settings that last as long as the question. */
const forbidden = () => {
  throw new Error('not stored');
};

export class Aside {
  readonly useAnswer: AskStore['useAsk'];
  readonly #settings = new PreferenceStore(forbidden);
  readonly #store: AskStore;

  constructor(private readonly world: AsideWorld) {
    this.#store = new AskStore({ ...world, preferences: this.#settings });
    this.useAnswer = this.#store.useAsk;
  }

  /**
   * Asks a shipped model as it came, which is loaded if another one is, or the loaded one as it is now. Resolves once the
   * engine has answered, or refused; why is in the answer's `problem`. What is shown may be behind it.
   * @param opening ids of the tokens that the answer begins with
   */
  ask = async (
    model: string | 'loaded',
    question: string,
    settings: Partial<AskSettings>,
    opening?: readonly number[],
  ): Promise<void> => {
    if (this.useAnswer.getState().isComputing) return;
    this.useAnswer.setState(initialAsk('open', undefined));
    const { pace } = this.world.preferences.usePreferences.getState();
    // Nobody is there to ask for the next token.
    this.#settings.setPreferences({ pace: pace === 'step' ? 'reading' : pace });
    this.#settings.setAskSettings(settings);
    if (!(await this.#isLoaded(model))) return;
    await this.#store.ask(question, opening);
    await this.#answered();
  };

  /** Shows at once what has come of the answer and what will. */
  showRest = (): void => this.#store.showRestOfAnswer();

  #answered(): Promise<void> {
    const { useAnswer } = this;
    if (!useAnswer.getState().isComputing) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = useAnswer.subscribe(({ isComputing }) => {
        if (isComputing) return;
        leave();
        resolve();
      });
    });
  }

  async #isLoaded(model: string | 'loaded'): Promise<boolean> {
    const { session, runs } = this.world;
    const loaded = await session.requireModel();
    const models = session.useSession.getState().catalogue?.models ?? [];
    if (!loaded.ok || model === 'loaded' || shippedAsItCame(loaded.value, models)?.id === model) return true;
    const other = await runs.loadAnotherModel({ kind: 'shipped', id: model }, false);
    if (!other.ok) this.useAnswer.setState({ problem: other.error });
    return other.ok;
  }
}
