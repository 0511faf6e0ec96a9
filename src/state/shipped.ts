// The models that come with the page: which of them opens, which a run starts from, and their cards.
import { create } from 'zustand';
import type { Catalogue, ModelInfo, ShippedModel } from '../worker/protocol';

/** Cards by model, Markdown; one that could not be fetched is absent. */
export const useCards = create<Readonly<Record<string, string>>>()(() => ({}));

/** The one that the page opens with: the reader's last choice, else the one to look at first, else the first. */
export function openingModel(
  models: readonly ShippedModel[],
  lastChoice: string | undefined,
): ShippedModel | undefined {
  return models.find(({ id }) => id === lastChoice) ?? models.find(({ isShownFirst }) => isShownFirst) ?? models[0];
}

/** The shipped model that is loaded as it came. */
export function shippedAsItCame(
  model: ModelInfo | undefined,
  models: readonly ShippedModel[],
): ShippedModel | undefined {
  return model?.runs.length === 0 ? models.find(({ id }) => id === model.name) : undefined;
}

/**
 * Where a new run starts unless the reader says otherwise: from the loaded model, if they trained or brought it; from the first
 * shipped one, which has all yet to learn, while another shipped one is loaded as it came.
 */
export function defaultStart(model: ModelInfo, models: readonly ShippedModel[]): ShippedModel | 'loaded' {
  const [first] = models;
  const shipped = shippedAsItCame(model, models);
  return shipped === undefined || first === undefined || shipped === first ? 'loaded' : first;
}

/** Fetches the cards that are not there yet. */
export async function fetchCards({ models }: Catalogue): Promise<void> {
  const missing = models.filter(({ id }) => useCards.getState()[id] === undefined);
  await Promise.all(
    missing.map(async ({ id }) => {
      try {
        const response = await fetch(`${import.meta.env.BASE_URL}models/${id}/README.md`);
        const text = await response.text();
        // A server may answer with its index page.
        if (response.ok && text.startsWith('---')) useCards.setState({ [id]: text });
      } catch {
        // Offline: the model is listed without its results.
      }
    }),
  );
}
