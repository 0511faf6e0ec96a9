// Every text of the interface, in Chinese. The keys are those of ../en, by type.
import type { Catalogue } from '../en';
import * as asked from './asked';
import * as chats from './chats';
import * as curriculum from './curriculum';
import * as exported from './export';
import * as first from './first';
import * as formula from './formula';
import * as fp8 from './fp8';
import * as lab from './lab';
import * as later from './later';
import * as laws from './laws';
import * as links from './links';
import * as nim from './nim';
import * as onePage from './onePage';
import * as packing from './packing';
import * as rlhf from './rlhf';
import * as story from './story';
import * as yours from './yours';

export const zh: Catalogue = {
  ...first,
  ...later,
  ...formula,
  ...onePage,
  ...links,
  ...yours,
  ...story,
  ...exported,
  ...asked,
  ...lab,
  ...nim,
  ...curriculum,
  ...rlhf,
  ...fp8,
  ...laws,
  ...packing,
  ...chats,
};
