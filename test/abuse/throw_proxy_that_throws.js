// expect: 38000
export default async function handle() {
  throw new Proxy({}, new Proxy({}, { get() { throw 1; } }));
}
