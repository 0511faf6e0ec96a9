// Following the newest line of a scrolling box: a lease that the reader ends by scrolling up and renews at the end.
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

const END_PX = 24;

interface Follow {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly isFollowing: boolean;
  readonly onScroll: () => void;
  readonly jump: () => void;
}

/** Keeps the box at its end at every render of its component, while the reader is there. */
export function useFollow(): Follow {
  const ref = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const jump = () => {
    const box = ref.current;
    if (box) box.scrollTop = box.scrollHeight;
    setFollowing(true);
  };
  useLayoutEffect(() => {
    const box = ref.current;
    if (box && isFollowing) box.scrollTop = box.scrollHeight;
  });
  const onScroll = () => {
    const box = ref.current;
    if (box) setFollowing(box.scrollHeight - box.scrollTop - box.clientHeight < END_PX);
  };
  return { ref, isFollowing, onScroll, jump };
}
