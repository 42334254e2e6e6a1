// expect: 38000
export default async function handle() {
  throw new Error('x'.repeat(1e7));
}
