// expect: 57014
export default async function handle() {
  function* g() { for (;;) yield 1; } for (const x of g());
}
