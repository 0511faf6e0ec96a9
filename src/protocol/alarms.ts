// What goes wrong in a run, told from its metrics: the trainer's own rules, which are pure.
export { type Alarm, soundingAlarms } from '../trainer/alarms';
