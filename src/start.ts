// The page's entry: starts the engine's worker, whose program comes beside those of the page, and then the page.
import { startEngineEarly } from './protocol/engineWorker';
import './ui/theme.css';

startEngineEarly();
void import('./main');
