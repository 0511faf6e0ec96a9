// What the shell and the Ask screen say.
export { announce } from './announce';
export { app } from './app';
export { ask } from './ask';
export { model } from './model';
export { problem } from './problem';
export { range } from './range';
