// expect: 53200
export default async function handle() {
  const a = []; for (;;) { try { a.push(new Uint8Array(1e7)); } catch {} }
}
