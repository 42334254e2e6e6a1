// expect: 39P01
export default async function handle() {
  let ra, rb;
  const a = new Promise(r => { ra = r; });
  const b = new Promise(r => { rb = r; });
  ra(b);
  rb(a);
  await a;
}
