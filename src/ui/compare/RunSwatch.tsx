// A short piece of a run's line.
import { LineSwatch } from '../charts/LineSwatch';
import { RUN_STYLES } from './runStyles';

export function RunSwatch({ place }: { readonly place: number }) {
  return <LineSwatch style={RUN_STYLES[place]} />;
}
