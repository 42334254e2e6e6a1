// expect: done
export default async function handle() {
  console.log({ toJSON() { throw 1; } }, new Proxy({}, {}), Symbol.iterator, Object.create(null));
  return 'done';
}
