// The actions of buttons, by their `data-act`. Each module adds its own.

export const ACTS = {};
