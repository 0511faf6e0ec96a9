// Every text of the interface, in English. ../zh has the same keys, by type.
import * as first from './first';
import * as formula from './formula';
import * as later from './later';
import * as links from './links';

export const en = { ...first, ...later, ...formula, ...links };

export type Catalogue = typeof en;
