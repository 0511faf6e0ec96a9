// Memorable names for runs: calm-otter-7.
import { pcg4d } from '../lib/rng';

const ADJECTIVES = (
  'amber bold brave bright brisk calm clever cosy crisp curious eager fair fleet gentle glad golden happy honest ' +
  'humble jolly keen kind lively lucky mellow merry mild neat nimble patient plucky polite proud quick quiet ready ' +
  'rosy shy silent silver sly smart snug spry steady sunny swift tidy tender vivid warm wise'
).split(' ');

const ANIMALS = (
  'badger bear beaver bison crane crow deer dolphin eagle falcon ferret finch fox gecko goose hare hawk hedgehog heron ' +
  'ibex jay kestrel koala lark lemur lynx magpie marten mole moose newt octopus otter owl panda pelican penguin puffin ' +
  'rabbit raven robin seal sparrow squirrel stork swan tapir toad turtle walrus weasel wolf wombat wren yak zebra'
).split(' ');

/** Keeps these draws apart from every other use of the hash. */
const NAME_KEY = 0x6e616d65;

/** The name that belongs to a seed (an integer ≥ 0): an adjective, an animal, and a number from 1 to 99. */
export function runName(seed: number): string {
  const [a, b, c] = pcg4d(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, NAME_KEY, 0);
  return `${ADJECTIVES[a % ADJECTIVES.length]}-${ANIMALS[b % ANIMALS.length]}-${1 + (c % 99)}`;
}
