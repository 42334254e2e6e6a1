// expect: 57014
export default async function handle() {
  new Map([[1, 1]]).forEach((v, k, m) => { m.delete(k); m.set(k, 1); for (;;); });
}
