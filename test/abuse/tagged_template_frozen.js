// expect: 38000
export default async function handle() {
  const f = s => { s[0] = 'x'; };
  f`a`;
}
