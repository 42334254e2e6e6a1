// expect: 57014
export default async function handle() {
  try { for (;;); } catch { return 1; }
}
