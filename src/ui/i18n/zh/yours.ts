// What is said of what a reader made or brought.
export { problems } from './problems';
