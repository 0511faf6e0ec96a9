// What the loaded model knows, as the page holds it: the map that was measured here, the one that came with the page, and the
// measurement, which gives way to questions and training, and goes on once the device is free.
import { create } from 'zustand';
import type { DescribedError, EngineEvent, KnowledgeMap } from '../protocol/protocol';
import { readKnowledgeMap, withCell } from '../tasks/knowledgeMap';
import type { DeviceWork } from './deviceWork';
import type { Session } from './session';
import { shippedAsItCame } from './shipped';

/** Problems of each size: an interval of about ±12 percent, in a minute on a processor. */
export const NUM_PROBLEMS = 64;
/** The device is left alone for so long after its last work, since more may follow. */
const QUIET_MS = 1500;

export interface KnowledgeState {
  /** Of the loaded model's weights as they were last looked at; undefined until then. */
  readonly here: KnowledgeMap | undefined;
  /** Of the same weights, measured elsewhere and shipped with them. */
  readonly shipped: KnowledgeMap | undefined;
  /** `waiting`: measured once the device is free again. */
  readonly status: 'resting' | 'measuring' | 'waiting';
  readonly problem: DescribedError | undefined;
}

/** The map to show: what was measured here, as soon as anything was; else the shipped one. */
export function shownMap({ here, shipped, status }: KnowledgeState): KnowledgeMap | undefined {
  if (here && (here.cells.length > 0 || status !== 'resting')) return here;
  return shipped ?? here;
}

export interface KnowledgeWorld {
  readonly session: Pick<Session, 'callEngine' | 'tellEngine' | 'onEngineEvents' | 'useSession'>;
  readonly fetchFile: (path: string) => Promise<Response>;
  /** What the device is at now, beside this. */
  readonly work: () => readonly DeviceWork[];
  /** Whether a question is being answered. */
  readonly isAsked: () => boolean;
  /** Calls back whenever one of these may have changed. */
  readonly onWork: (listener: () => void) => void;
}

export class KnowledgeStore {
  readonly useKnowledgeMap = create<KnowledgeState>()(() => ({
    here: undefined,
    shipped: undefined,
    status: 'resting',
    problem: undefined,
  }));
  /** The engine measures, or was told to and has not ended. */
  #isUnderWay = false;
  /** Counts the models and their steps. */
  #turn = 0;
  #alarm: ReturnType<typeof setTimeout> | undefined;
  #reading: Promise<void> | undefined;

  constructor(private readonly world: KnowledgeWorld) {
    world.session.onEngineEvents((batch) => {
      for (const event of batch) this.#receive(event);
    });
    world.onWork(this.#giveWay);
    // Another model has another map.
    world.session.useSession.subscribe(({ model }, before) => {
      if (model?.name !== before.model?.name) this.#leave();
    });
  }

  /** Looks at the loaded model as it is now. */
  readKnowledge = (): Promise<void> => {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  };

  /** Measures what is not measured yet, as soon as the device has nothing else to do. */
  startKnowledge = (): void => {
    this.useKnowledgeMap.setState({ status: 'waiting', problem: undefined });
    void this.#begin();
  };

  stopKnowledge = async (): Promise<void> => {
    this.useKnowledgeMap.setState({ status: 'resting' });
    await this.#interrupt();
  };

  /** Deletes what was measured here of the loaded model. */
  forgetKnowledge = async (): Promise<void> => {
    const { here } = this.useKnowledgeMap.getState();
    if (!here) return;
    await this.stopKnowledge();
    const forgotten = await this.world.session.callEngine((api) => api.forgetKnowledge(here.model));
    if (!forgotten.ok) this.useKnowledgeMap.setState({ problem: forgotten.error });
    await this.readKnowledge();
  };

  async #read(): Promise<void> {
    const { session } = this.world;
    const turn = this.#turn;
    const [read, shipped] = await Promise.all([session.callEngine((api) => api.knowledge()), this.#fetchShipped()]);
    // Another model came meanwhile.
    if (turn !== this.#turn) return this.#read();
    if (!read.ok) return this.useKnowledgeMap.setState({ problem: read.error });
    // Of other weights it tells nothing.
    const isOfThese = shipped?.model === read.value.model;
    this.useKnowledgeMap.setState({ here: read.value, shipped: isOfThese ? shipped : undefined, problem: undefined });
  }

  async #fetchShipped(): Promise<KnowledgeMap | undefined> {
    const { model, catalogue } = this.world.session.useSession.getState();
    const shipped = shippedAsItCame(model, catalogue?.models ?? []);
    if (!shipped) return undefined;
    try {
      const response = await this.world.fetchFile(`models/${shipped.id}.knows.json`);
      return response.ok ? readKnowledgeMap(await response.text()) : undefined;
    } catch {
      // Offline nothing was measured elsewhere.
      return undefined;
    }
  }

  /** For what the reader wants of the device, and back when it is free. */
  #giveWay = (): void => {
    const { status } = this.useKnowledgeMap.getState();
    if (status === 'resting') return;
    if (!this.#isBusy()) {
      this.#goOn();
      return;
    }
    clearTimeout(this.#alarm);
    if (status === 'waiting') return;
    this.useKnowledgeMap.setState({ status: 'waiting' });
    void this.#interrupt();
  };

  #isBusy(): boolean {
    const { model, loading } = this.world.session.useSession.getState();
    return this.world.isAsked() || this.world.work().length > 0 || loading !== undefined || model === undefined;
  }

  #goOn(): void {
    clearTimeout(this.#alarm);
    const { status } = this.useKnowledgeMap.getState();
    if (status !== 'waiting' || this.#isUnderWay || this.#isBusy()) return;
    this.#alarm = setTimeout(() => void this.#begin(), QUIET_MS);
  }

  async #begin(): Promise<void> {
    if (this.useKnowledgeMap.getState().status !== 'waiting' || this.#isUnderWay || this.#isBusy()) return;
    this.#isUnderWay = true;
    this.useKnowledgeMap.setState({ status: 'measuring' });
    const begun = await this.world.session.callEngine((api) => api.measureKnowledge(NUM_PROBLEMS));
    if (begun.ok) return this.useKnowledgeMap.setState({ here: begun.value });
    this.#isUnderWay = false;
    this.useKnowledgeMap.setState({ status: 'resting', problem: begun.error });
  }

  async #interrupt(): Promise<void> {
    clearTimeout(this.#alarm);
    if (this.#isUnderWay) await this.world.session.tellEngine((api) => api.stopKnowledge());
  }

  /** What was known is of other weights. */
  #forgetWeights(): void {
    this.#turn++;
    this.useKnowledgeMap.setState({ here: undefined, shipped: undefined, problem: undefined });
  }

  #leave(): void {
    void this.stopKnowledge();
    this.#forgetWeights();
  }

  #receive(event: EngineEvent): void {
    if (event.type === 'knowledgeMeasured') {
      const { here } = this.useKnowledgeMap.getState();
      if (here?.model === event.model)
        this.useKnowledgeMap.setState({ here: withCell(here, event.cell, event.measuredAt) });
    } else if (event.type === 'knowledgeEnded') {
      this.#isUnderWay = false;
      if (!event.isStopped) this.useKnowledgeMap.setState({ status: 'resting' });
      this.#goOn();
    } else if (event.type === 'knowledgeFailed') {
      this.#isUnderWay = false;
      this.useKnowledgeMap.setState({ status: 'resting', problem: event.error });
    } else if (event.type === 'stepFinished') this.#forgetWeights();
    else if (event.type === 'modelLoaded') this.#leave();
    else if (event.type === 'deviceLost') {
      this.#isUnderWay = false;
      this.#leave();
    }
  }
}
