// expect: 38000
export default async function handle() {
  await { get then() { throw new Error('x'); } };
}
