// A RegExp that can be ended: the methods of strings use it as any other, its matches are found by steps that are counted.
import { compilePattern, type Program } from './compile';
import { matchAt, type Spend } from './match';

export class BoundedRegExp extends RegExp {
  readonly #program: Program;
  readonly #spend: Spend;

  /**
   * @param pattern one with the flag u; or one of this class, as the methods of strings pass it on
   * @throws PatternError for what the matcher does not do
   */
  constructor(pattern: RegExp, flags: string, spend?: Spend) {
    super(pattern.source, flags);
    const isBounded = pattern instanceof BoundedRegExp;
    this.#program = isBounded ? pattern.#program : compilePattern(pattern.source);
    this.#spend = spend ?? (isBounded ? pattern.#spend : () => {});
  }

  override exec(text: string): RegExpExecArray | null {
    const isRemembered = this.global || this.sticky;
    let found: Int32Array | undefined;
    let start = isRemembered ? this.lastIndex : 0;
    for (; start <= text.length; start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1) {
      found = matchAt(this.#program, text, start, this.#spend);
      if (found || this.sticky) break;
    }
    if (isRemembered) this.lastIndex = found ? (found[1] as number) : 0;
    if (!found) return null;
    const places = found;
    const captures = Array.from({ length: places.length / 2 }, (_, i) =>
      (places[2 * i + 1] as number) < 0 ? undefined : text.slice(places[2 * i], places[2 * i + 1]),
    );
    return Object.assign(captures as [string, ...string[]], { index: start, input: text, groups: undefined });
  }
}
