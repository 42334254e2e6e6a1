// expect: 57014
export default async function handle() {
  while (true) { try { throw 1; } catch {} }
}
