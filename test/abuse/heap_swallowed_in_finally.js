// expect: 53200
export default async function handle() {
  try { const a = []; for (;;) a.push([1, 2, 3, 4]); } catch { return 1; } finally { return 2; }
}
