// expect: open
export default async function handle() {
  const g = (async function* () { try { yield 1; } finally { for (;;); } })();
  await g.next();
  return 'open';
}
