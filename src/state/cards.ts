// The cards of the models that come with the page, fetched once.
import { create } from 'zustand';
import type { Catalogue } from '../protocol/protocol';

export class CardStore {
  /** Cards by model, Markdown; one that could not be fetched is absent. */
  readonly useCards = create<Readonly<Record<string, string>>>()(() => ({}));

  constructor(private readonly fetchFile: (path: string) => Promise<Response>) {}

  /** Fetches the cards that are not there yet. */
  fetchCards = async ({ models }: Pick<Catalogue, 'models'>): Promise<void> => {
    const missing = models.filter(({ id }) => this.useCards.getState()[id] === undefined);
    await Promise.all(missing.map(({ id }) => this.#fetchCard(id)));
  };

  async #fetchCard(id: string): Promise<void> {
    try {
      const response = await this.fetchFile(`models/${id}/README.md`);
      const text = await response.text();
      // A server may answer with its index page.
      if (response.ok && text.startsWith('---')) this.useCards.setState({ [id]: text });
    } catch {
      // Offline: the model is listed without its results.
    }
  }
}
