// expect: 53200
export default async function handle() {
  const a = new Array(1.2e7).fill(1.5); const b = a.map(x => x + 1); const c = b.map(x => x + 1);for (;;) c.push(...b);
}
