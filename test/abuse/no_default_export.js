// expect: 22023
export const a = 1;
