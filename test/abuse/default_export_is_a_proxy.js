// expect: 57014
export default new Proxy(() => 1, { apply() { for (;;); } });
