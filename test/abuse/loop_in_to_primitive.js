// expect: 57014
export default async function handle() {
  const o = {}; o[Symbol.toPrimitive] = () => { for (;;); }; o + 1;
}
