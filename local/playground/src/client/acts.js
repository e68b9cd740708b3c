// What buttons do, by their `data-act`. Each module adds its own.

export const ACTS = {};
