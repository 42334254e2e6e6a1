// expect: 38000
export default async function handle() {
  'a'.search('(?='.repeat(1e5) + 'a' + ')'.repeat(1e5));
}
