// expect: 57014
export default async function handle() {
  const s = new Set([0]); let i = 1; s.forEach(v => { s.delete(v); s.add(i++); });
}
