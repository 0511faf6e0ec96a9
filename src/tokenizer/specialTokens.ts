// The special tokens of the vocabularies built here. They are left out of decoded text; the think and answer tags,
// which rewards must see, are therefore not among them.

export const BOS_TOKEN = '<|begin|>';
export const EOS_TOKEN = '<|end|>';
export const PAD_TOKEN = '<|pad|>';
/** Stands in for an unreadable character in tools that cannot refuse one. */
export const UNKNOWN_TOKEN = '<|unknown|>';
