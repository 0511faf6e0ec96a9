// An on/off switch with its label.
import { Switch as Base } from '@base-ui/react/switch';
import { type ReactNode, useId } from 'react';

interface SwitchProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly children: ReactNode;
}

export function Switch({ checked, onChange, children }: SwitchProps) {
  const labelId = useId();
  return (
    <span className="inline-flex min-h-6 items-center gap-2 text-fine">
      <span id={labelId} className="text-soft">
        {children}
      </span>
      <Base.Root
        checked={checked}
        onCheckedChange={onChange}
        aria-labelledby={labelId}
        className="relative h-6 w-10 cursor-pointer rounded-full border border-edge bg-wash motion-safe:transition-colors data-checked:border-accent data-checked:bg-accent"
      >
        <Base.Thumb className="absolute top-0.5 left-0.5 block size-4.5 rounded-full bg-edge motion-safe:transition-transform data-checked:translate-x-4 data-checked:bg-on-accent" />
      </Base.Root>
    </span>
  );
}
