// Catches a fault in a screen: says so in its place, and leaves the rest of the page usable.
import { Component, type ReactNode } from 'react';
import { describeError } from '../../lib/errors';
import type { DescribedError } from '../../protocol/protocol';
import { ProblemNote } from '../components/ProblemNote';

interface State {
  readonly problem: DescribedError | undefined;
}

export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { problem: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { problem: describeError(error) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    return problem === undefined ? this.props.children : <ProblemNote problem={problem} />;
  }
}
