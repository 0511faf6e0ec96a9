import { StorageWatch } from '../storage';
import { session } from './session';

const { storage } = navigator as { readonly storage?: StorageManager };
export const { useStorage, watchStorage } = new StorageWatch(session, storage);
