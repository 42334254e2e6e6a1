// expect: 57014
export default async function handle() {
  let x = 1n; for (;;) { x = (x * 3n) % 1000007n; }
}
