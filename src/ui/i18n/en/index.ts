// Every text of the interface, in English. ../zh has the same keys, by type.
import * as first from './first';
import * as formula from './formula';
import * as later from './later';

export const en = { ...first, ...later, ...formula };

export type Catalogue = typeof en;
