// expect: 38000
export default async function handle() {
  const p = new Proxy({}, { get: (t, k, r) => r[k] });
  p.x;
}
