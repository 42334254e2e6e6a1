// expect: 53200
export default async function handle() {
  const a = []; a.length = 2e8; for (let i = 0; i < 2e8; i++) a[i] = { i };
}
