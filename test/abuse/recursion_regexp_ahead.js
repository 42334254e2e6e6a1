// expect: 38000
export default async function handle() {
  new RegExp('(?='.repeat(1e5) + 'a' + ')'.repeat(1e5)).test('a');
}
