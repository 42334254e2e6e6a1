// expect: 38000
export default async function handle() {
  let e = new Error('0');
  for (let i = 0; i < 1e5; i++) e = new Error('x', { cause: e });
  throw e;
}
