// expect: 22023
await new Promise(() => {});
export default () => 1;
