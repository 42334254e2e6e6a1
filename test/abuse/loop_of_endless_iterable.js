// expect: 57014
export default async function handle() {
  await Promise.all((function* () { for (;;) yield 1n; })());
}
