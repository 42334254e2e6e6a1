// expect: 38000
export default async function handle() {
  ''.padEnd(2 ** 31 - 1, 'x');
}
