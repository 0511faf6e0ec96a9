// A chat template as a tree: the constructs that templates of models use, each with the line it begins in.

export interface At {
  readonly line: number;
}

export type Expression = At &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'unary'; readonly operator: 'not' | '-' | '+'; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'choice';
        readonly condition: Expression;
        readonly yes: Expression;
        readonly no: Expression | undefined;
      }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly object: Expression; readonly key: Expression }
    | { readonly kind: 'slice'; readonly object: Expression; readonly bounds: readonly (Expression | undefined)[] }
    | { readonly kind: 'call'; readonly callee: Expression; readonly call: Arguments }
    | { readonly kind: 'filter'; readonly name: string; readonly operand: Expression; readonly call: Arguments }
    | {
        readonly kind: 'test';
        readonly name: string;
        readonly operand: Expression;
        readonly call: Arguments;
        readonly isNegative: boolean;
      }
  );

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
}

export type Target = readonly string[];

export type Statement = At &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'output'; readonly value: Expression }
    | {
        readonly kind: 'if';
        readonly branches: readonly (readonly [Expression, readonly Statement[]])[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'for';
        readonly target: Target;
        readonly items: Expression;
        readonly filter: Expression | undefined;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'set';
        readonly target: Target;
        readonly attribute: string | undefined;
        readonly value: Expression | readonly Statement[];
      }
    | {
        readonly kind: 'macro';
        readonly name: string;
        readonly parameters: readonly (readonly [string, Expression | undefined])[];
        readonly body: readonly Statement[];
      }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | { readonly kind: 'break' | 'continue' }
  );
