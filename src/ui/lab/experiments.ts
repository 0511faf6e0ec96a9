// The experiments of the lab, in their order: a line each. Texts are `lab.NAME` in ../i18n/en/lab.ts and zh/lab.ts. One with a
// `Screen` stands at `#lab/NAME`, another has its place already.
import type { ComponentType } from 'react';
import { writeAddress } from '../../state/address';
import { lazyPart } from '../i18n/lazyPart';

/** @property Screen made by lazyPart, so that it comes with its texts when it is opened */
type Place = { readonly href: string } | { readonly Screen: ComponentType };

export const EXPERIMENTS = {
  compress: { Screen: lazyPart<object>('packing', () => import('./compress/CompressScreen')) },
  scaling: { Screen: lazyPart<object>('laws', () => import('./scaling/ScalingScreen')) },
  chats: { Screen: lazyPart<object>('chats', () => import('./chats/ChatsScreen')) },
  preference: { Screen: lazyPart<object>('rlhf', () => import('./preference/PreferenceScreen')) },
  nim: { Screen: lazyPart<object>('nim', () => import('./nim/NimScreen')) },
  curriculum: { Screen: lazyPart<object>('curriculum', () => import('./curriculum/CurriculumScreen')) },
  fp8: { Screen: lazyPart<object>('fp8', () => import('./fp8/Fp8Screen')) },
  gallery: { href: writeAddress('gallery') },
  knows: { href: writeAddress('knows') },
  'one-page': { href: writeAddress('one-page') },
} satisfies Readonly<Record<string, Place>>;

export type ExperimentName = keyof typeof EXPERIMENTS;

export const EXPERIMENT_NAMES = Object.keys(EXPERIMENTS) as ExperimentName[];

const places: Readonly<Record<ExperimentName, Place>> = EXPERIMENTS;

export function addressOf(name: ExperimentName): string {
  const place = places[name];
  return 'href' in place ? place.href : writeAddress('lab', name);
}

/** The experiment that has a screen of its own at this part of the address. */
export function findExperiment(
  part: string | undefined,
): { readonly name: ExperimentName; readonly Screen: ComponentType } | undefined {
  const name = EXPERIMENT_NAMES.find((known) => known === part);
  const place = name && places[name];
  return place && 'Screen' in place ? { name, Screen: place.Screen } : undefined;
}
