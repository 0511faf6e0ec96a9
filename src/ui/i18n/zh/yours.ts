// What is said of what a reader made or brought.
export { gallery } from './gallery';
export { problems } from './problems';
