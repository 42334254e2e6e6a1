// expect: 38000
export default async function handle() {
  (0, eval)('1');
}
