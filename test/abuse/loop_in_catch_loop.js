// expect: 57014
export default async function handle() {
  for (;;) { try { for (;;); } catch {} }
}
