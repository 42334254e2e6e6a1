// expect: 57014,53200
export default async function handle() {
  await Promise.all((function* () { for (;;) yield 1n; })());
}
