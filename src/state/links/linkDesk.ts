// What a link brought: read, checked against what there is here, and put where the reader finds it. Settings are borrowed: the
// reader's own are one press away, and are there again when the page is opened anew. Where the reader goes on from what a link
// brought, the address follows, so that opening it again brings what was there last.
import { create } from 'zustand';
import type { Catalogue, ModelSource } from '../../protocol/protocol';
import { type Address, readAddress, type Screen, writeAddress } from '../address';
import type { AskStore } from '../ask';
import type { Borrowable, PreferenceStore } from '../preferences';
import type { RunStore } from '../run';
import type { Session, YourModel } from '../session';
import type { RunStarter } from '../startRun';
import { type AskLink, linkOfRequest, readAskLink, writeAskLink } from './askLink';
import { type ComparisonLink, readComparisonLink, writeComparisonLink } from './comparisonLink';
import { type RunLink, readRunLink, writeRunLink } from './runLink';
import type { LinkFault } from './values';

/** The link that was opened last. */
export interface LinkState {
  readonly screen: Screen | undefined;
  /** What is wrong with it, for which nothing was done. */
  readonly faults: readonly LinkFault[];
  /** Yet what could be done was done. */
  readonly isPartly: boolean;
  /** Settings that are the link's now. */
  readonly borrowed: Borrowable | undefined;
  /** Code of a reward that the link brought. */
  readonly code: { readonly text: string; readonly mayRun: boolean } | undefined;
}

const NOTHING: LinkState = { screen: undefined, faults: [], isPartly: false, borrowed: undefined, code: undefined };

/** What opening a link reaches. */
export interface LinkWorld {
  readonly session: Session;
  readonly preferences: PreferenceStore;
  readonly asking: Pick<AskStore, 'ask' | 'writeQuestion' | 'useAsk'>;
  readonly runs: Pick<RunStore, 'loadAnotherModel' | 'useShelf'>;
  readonly starter: Pick<RunStarter, 'chooseStart'>;
  /** The models of the reader's own that are here. */
  readonly ownModels: () => Promise<readonly YourModel[]>;
  /** What is compared, whenever it changes. */
  readonly onCompared: (listener: (compared: ComparisonLink) => void) => void;
  /** Chooses the models to be measured, and how. */
  readonly chooseMeasured: (link: Pick<ComparisonLink, 'models' | 'settings'>) => void;
  /** What stands behind the page's address, with its `#`. */
  readonly address: { read(): string; replace(hash: string): void };
  /** Lays these runs over one another, and none else; resolves to the ids of those that are not here. */
  readonly compare: (ids: readonly string[]) => Promise<readonly string[]>;
  /** Keeps runs from starting until its result is called; `show` brings the reader to what keeps them. */
  readonly holdStarts: (show: () => void) => () => void;
}

export class LinkDesk {
  readonly useLink = create<LinkState>()(() => NOTHING);
  /** Brings the reader to the code that waits for their word. */
  showCode = (): void => {};
  #opened: string | undefined;
  /** While it puts a link's values where they belong, nobody else changes them. */
  #isOpening = false;
  #release = (): void => {};

  constructor(private readonly world: LinkWorld) {
    const { asking, preferences, runs, session } = world;
    asking.useAsk.subscribe(({ request, origin }, before) => {
      if (request === undefined || request === before.request || origin !== 'live') return;
      this.#follow('ask', () => writeAskLink(linkOfRequest(request, session.useSession.getState().model?.name)));
    });
    const followRun = () => {
      const { draft: settings } = preferences.usePreferences.getState();
      const { start } = runs.useShelf.getState();
      if (settings && this.useLink.getState().borrowed === 'draft')
        this.#follow('train', () => writeRunLink({ settings, start }));
    };
    preferences.usePreferences.subscribe(({ draft }, before) => draft !== before.draft && followRun());
    runs.useShelf.subscribe(({ start }, before) => start !== before.start && followRun());
    world.onCompared((compared) => {
      this.#follow('compare', () => writeComparisonLink(compared));
    });
  }

  /** Opens a link once: where Back leads to the one that is open already, all stays as the reader left it. */
  open = async ({ screen, values }: Address): Promise<void> => {
    const link = `${screen}?${values}`;
    if (values === '' || link === this.#opened) return;
    this.#opened = link;
    this.#isOpening = true;
    try {
      if (screen === 'ask') await this.#openAsk(values);
      if (screen === 'train') await this.#openRun(values);
      if (screen === 'compare') await this.#openComparison(values);
    } finally {
      this.#isOpening = false;
    }
  };

  /**
   * Asks again what was asked here before: as it was asked then, with the reader's settings left alone. False where its model
   * is gone.
   */
  askAgain = async (link: string): Promise<boolean> => {
    const read = readAskLink(readAddress(link).values);
    if (!read.ok || read.link.question === undefined) return false;
    const { question, settings } = read.link;
    this.#begin({ screen: 'ask' });
    this.world.asking.writeQuestion(question);
    if (!(await this.#hasModel(read.link))) return false;
    await this.world.asking.ask(question, undefined, settings);
    return true;
  };

  /** Has the address say what the reader asked, set or compared, where it still says what a link brought. */
  #follow(screen: Screen, write: () => string): void {
    const { address } = this.world;
    const now = readAddress(address.read());
    if (this.#isOpening || now.screen !== screen || now.values === '') return;
    const next = write();
    const { values } = readAddress(next);
    this.#opened = `${screen}?${values}`;
    if (values !== now.values) address.replace(next);
  }

  /** Puts the reader's own settings back. */
  giveBack = (): void => {
    const { borrowed } = this.useLink.getState();
    if (borrowed) this.world.preferences.giveBack(borrowed);
    if (borrowed === 'draft') this.world.starter.chooseStart(undefined);
    this.dismiss();
  };

  /** Makes the link's settings the reader's own; not while they have code that may not run. */
  keep = (): void => {
    const { borrowed, code } = this.useLink.getState();
    if (code && !code.mayRun) return;
    if (borrowed) this.world.preferences.keepBorrowed(borrowed);
    // What is asked stays in the address.
    if (borrowed === 'ask') this.useLink.setState(NOTHING);
    else this.dismiss();
  };

  /** The reader has seen the code, and lets it run. */
  allowCode = (): void => {
    this.#release();
    this.useLink.setState(({ code }) => ({ code: code && { ...code, mayRun: true } }));
  };

  /** Forgets what was said of the link. */
  dismiss = (): void => {
    this.#release();
    const { screen } = this.useLink.getState();
    this.useLink.setState(NOTHING);
    if (screen) this.#follow(screen, () => writeAddress(screen));
  };

  async #openAsk(values: string): Promise<void> {
    const read = readAskLink(values);
    if (!read.ok) return this.#refuse('ask', read.faults);
    const { question, settings } = read.link;
    this.#begin({ screen: 'ask', borrowed: 'ask' });
    this.world.preferences.borrow({ ask: settings });
    if (question === undefined) return;
    this.world.asking.writeQuestion(question);
    if (await this.#hasModel(read.link)) await this.world.asking.ask(question);
  }

  /** Has the link's model loaded; false, with a fault that says so, where that cannot be. */
  async #hasModel({ model: name }: AskLink): Promise<boolean> {
    const { catalogue, model } = await this.world.session.whenOpen();
    if (name === undefined || catalogue === undefined || model?.name === name) return true;
    const source = await this.#sourceOf(name, catalogue);
    if (source === undefined) {
      this.useLink.setState({
        isPartly: true,
        faults: [{ name: 'model', found: name.slice(0, 60), need: { kind: 'here' } }],
      });
      return false;
    }
    // It may be on its way already.
    const coming = await this.world.session.requireModel();
    if (coming.ok && coming.value.name === name) return true;
    return (await this.world.runs.loadAnotherModel(source)).ok;
  }

  async #sourceOf(name: string, catalogue: Catalogue): Promise<ModelSource | undefined> {
    if (catalogue.models.some(({ id }) => id === name)) return { kind: 'shipped', id: name };
    const own = await this.world.ownModels();
    return own.find((model) => model.name === name)?.source;
  }

  async #openRun(values: string): Promise<void> {
    const { catalogue } = await this.world.session.whenOpen();
    // Without an engine nothing can be trained, and nothing is known of what there is.
    if (catalogue !== undefined) this.#showRun(values, catalogue);
  }

  #showRun(values: string, catalogue: Catalogue): void {
    const read = readRunLink(values, catalogue);
    if (read.ok) this.#borrowRun(read.link);
    else this.#refuse('train', read.faults);
  }

  #borrowRun({ settings, start }: RunLink): void {
    const text = settings.config.custom_reward;
    this.#begin({ screen: 'train', borrowed: 'draft', code: text === '' ? undefined : { text, mayRun: false } });
    if (text !== '') this.#release = this.world.holdStarts(() => this.showCode());
    this.world.preferences.borrow({ draft: settings });
    this.world.starter.chooseStart(start);
  }

  async #openComparison(values: string): Promise<void> {
    const read = readComparisonLink(values);
    if (!read.ok) return this.#refuse('compare', read.faults);
    const { runs, models, settings } = read.link;
    if (models.length > 0) this.world.chooseMeasured({ models, settings });
    const missing = await this.world.compare(runs.map(({ id }) => id));
    const faults = runs
      .filter(({ id }) => missing.includes(id))
      .map(({ name }): LinkFault => ({ name: 'runs', found: name.slice(0, 60), need: { kind: 'runHere' } }));
    this.#begin({ screen: 'compare', faults, isPartly: faults.length > 0 });
  }

  #refuse(screen: Screen, faults: readonly LinkFault[]): void {
    this.#begin({ screen, faults });
  }

  #begin(state: Partial<LinkState>): void {
    this.#release();
    this.useLink.setState({ ...NOTHING, ...state });
  }
}
