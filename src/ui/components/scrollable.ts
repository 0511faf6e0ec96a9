/** Of a box that scrolls: it must be reachable by keyboard, also in browsers that do not see to that. */
export const SCROLLABLE = { tabIndex: 0 } as const;
