// expect: 57014
export default async function handle() {
  new Set((function* () { for (;;) yield 1n; })());
}
