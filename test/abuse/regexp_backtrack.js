// expect: 57014
export default async function handle() {
  /(a+)+$/.test('a'.repeat(50) + 'b');
}
