// expect: 53200
export default async function handle() {
  const a = []; for (;;) a.push(structured()); function structured() { return Object.fromEntries(Array.from({ length: 100 }, (_, i) => ['k' + i, i])); }
}
