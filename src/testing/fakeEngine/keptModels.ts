// The models that the reader keeps, as the real engine keeps them; each is the made-up one under its name.
import { answer } from '../../protocol/command';
import type { EngineApi } from '../../protocol/protocol';
import { openStoredFiles } from '../../storage/storedFiles';
import { ModelShelf } from '../../worker/modelShelf';
import { CATALOGUE } from '../madeUp';
import type { Host } from './host';

type KeptPart = Pick<EngineApi, 'keepModel' | 'keptModels' | 'renameModel' | 'deleteModel'>;

export class FakeKeptModels implements KeptPart {
  readonly #shelf = openStoredFiles('models').then(
    (files) => new ModelShelf(files, async () => CATALOGUE.models.map(({ id }) => id)),
  );

  constructor(private readonly host: Host) {}

  keepModel: KeptPart['keepModel'] = (name) =>
    answer(async () => {
      const readme = new TextEncoder().encode(this.host.model.readme);
      return (await this.#shelf).keep(name, new Map([['README.md', readme]]));
    });

  keptModels: KeptPart['keptModels'] = () => answer(async () => (await this.#shelf).list());

  renameModel: KeptPart['renameModel'] = (id, name) => answer(async () => (await this.#shelf).rename(id, name));

  deleteModel: KeptPart['deleteModel'] = (id) =>
    answer(async () => {
      await (await this.#shelf).delete(id);
      return null;
    });

  /** What a kept model is called; undefined for one that is not there. */
  nameOf = async (id: string): Promise<string | undefined> =>
    (await (await this.#shelf).list()).find((model) => model.id === id)?.name;
}
