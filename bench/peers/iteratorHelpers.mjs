// Iterator helpers for Node 20, which jax-js takes for given; Node 22 has them.
const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

const helpers = {
  *map(f) {
    let i = 0;
    for (const value of this) yield f(value, i++);
  },
  *filter(f) {
    let i = 0;
    for (const value of this) if (f(value, i++)) yield value;
  },
  *flatMap(f) {
    let i = 0;
    for (const value of this) yield* f(value, i++);
  },
  *take(count) {
    if (count <= 0) return;
    let i = 0;
    for (const value of this) {
      yield value;
      if (++i >= count) return;
    }
  },
  *drop(count) {
    let i = 0;
    for (const value of this) if (i++ >= count) yield value;
  },
  toArray() {
    return [...this];
  },
  forEach(f) {
    let i = 0;
    for (const value of this) f(value, i++);
  },
  some(f) {
    let i = 0;
    for (const value of this) if (f(value, i++)) return true;
    return false;
  },
  every(f) {
    let i = 0;
    for (const value of this) if (!f(value, i++)) return false;
    return true;
  },
  find(f) {
    let i = 0;
    for (const value of this) if (f(value, i++)) return value;
    return undefined;
  },
  reduce(f, ...initial) {
    return [...this].reduce(f, ...initial);
  },
};

for (const [name, value] of Object.entries(helpers)) {
  if (!(name in prototype)) Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}
