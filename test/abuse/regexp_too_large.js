// expect: 38000|53200
export default async function handle() {
  new RegExp('a'.repeat(1e7)).test('a');
}
