// expect: 38000
export default async function handle() {
  'x'.repeat(2 ** 30);
}
