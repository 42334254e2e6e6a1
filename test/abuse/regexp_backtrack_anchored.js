// expect: 57014
export default async function handle() {
  /^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60));
}
