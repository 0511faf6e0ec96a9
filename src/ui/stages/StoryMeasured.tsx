// What the two accuracies of a pipeline's story were measured on.
import type { PipelineInfo } from '../../protocol/protocol';
import { MeasuredChange } from '../components/MeasuredChange';
import type { PipelineStory } from './story';

interface StoryMeasuredProps {
  readonly story: PipelineStory;
  readonly pipeline: PipelineInfo;
}

export function StoryMeasured({ story: { before, now, problems }, pipeline }: StoryMeasuredProps) {
  return (
    <MeasuredChange
      before={{ accuracy: before, problems: problems.before }}
      now={{ accuracy: now, problems: problems.now }}
      temperature={pipeline.evaluation?.temperature}
    />
  );
}
