// expect: 53200
export default async function handle() {
  const a = []; for (;;) a.push(function* () { yield 1; }());
}
