// The models that come with the page: which of them opens, and which a run starts from. Pure.
import type { ModelInfo, ShippedModel } from '../protocol/protocol';

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
